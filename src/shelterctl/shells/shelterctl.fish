# What can be typed next after shelterctl, for fish. Install: see shelterctl completion --help
function __shelterctl_next
    set -l before (commandline -opc)
    set -l now (commandline -ct)
    set -l told ($before[1] completion --at (count $before) -- $before[2..-1] "$now" 2>/dev/null)
    switch "$told[1]"
        case files
            __fish_complete_path "$now"
        case folders
            __fish_complete_directories "$now"
        case '*'
            printf '%s\n' $told[2..-1]
    end
end
complete --command shelterctl --no-files --keep-order --arguments '(__shelterctl_next)'
