# What can be typed next after shelterctl, for PowerShell. Install: see shelterctl completion --help
Register-ArgumentCompleter -Native -CommandName shelterctl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text })
    $at = $words.Count
    if ($wordToComplete) { $at = $words.Count - 1 }
    $rest = @($words | Select-Object -Skip 1)
    $before = $env:PYTHONIOENCODING
    $env:PYTHONIOENCODING = [Console]::OutputEncoding.WebName
    try {
        $told = @(& $words[0] completion --at $at -- @rest 2>$null)
    } finally {
        $env:PYTHONIOENCODING = $before
    }
    $told | Select-Object -Skip 1 | ForEach-Object {
        $value, $meaning = $_ -split "`t", 2
        if (-not $meaning) { $meaning = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $meaning)
    }
}
