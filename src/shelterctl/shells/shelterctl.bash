# What can be typed next after shelterctl, for bash. Install: see shelterctl completion --help
_shelterctl() {
    local kind="" value
    COMPREPLY=()
    while IFS=$'\t' read -r value _; do
        if [ -z "$kind" ]; then kind=$value; else COMPREPLY+=("$value"); fi
    done < <("$1" completion --at "$COMP_CWORD" -- "${COMP_WORDS[@]:1}" 2>/dev/null)
    case $kind in
        files) compopt -o default 2>/dev/null ;;
        folders) compopt -o dirnames 2>/dev/null ;;
    esac
}
complete -F _shelterctl shelterctl
