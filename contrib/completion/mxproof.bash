# Completion of mxproof for bash: install as /usr/share/bash-completion/completions/mxproof, or source it.
# mxproof itself says what fits; names of files and folders are left to bash.

_mxproof() {
    local line kind value
    COMPREPLY=()
    while IFS= read -r line; do
        kind=${line%%,*}
        value=${line#*,}
        case $kind in
            plain) COMPREPLY+=("$value") ;;
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD _MXPROOF_COMPLETE=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F _mxproof mxproof
