# Shell integration of Podium for bash. Podium starts bash in POSIX mode, in which it reads this file (ENV) and no
# other; so this file first reads what bash would have read, in the same order, and then adds its marks:
# OSC 133 around prompt, input and output, OSC 7 with the folder. It leaves no exported variable behind.

if [ -z "${BASH_VERSION-}" ] || [ -z "${PODIUM_SHELL_INTEGRATION-}" ]; then
    return 0
fi

# What POSIX mode has changed is put back before any file of the person's is read.
builtin set +o posix
builtin shopt -u inherit_errexit 2>/dev/null
builtin unset -v POSIXLY_CORRECT PODIUM_SHELL_INTEGRATION
if [[ -n ${PODIUM_ENV_BEFORE+set} ]]; then
    ENV=$PODIUM_ENV_BEFORE
    builtin export ENV
    builtin unset -v PODIUM_ENV_BEFORE
else
    builtin unset -v ENV
fi
if [[ ${HISTFILE-} == "${HOME-}/.sh_history" ]]; then
    HISTFILE=${HOME-}/.bash_history
fi

if [[ ${MAILCHECK-} == 600 ]]; then
    MAILCHECK=60
fi

if builtin shopt -q login_shell; then
    if [[ -r /etc/profile ]]; then
        builtin source /etc/profile
    fi
    if [[ -r ~/.bash_profile ]]; then
        builtin source ~/.bash_profile
    elif [[ -r ~/.bash_login ]]; then
        builtin source ~/.bash_login
    elif [[ -r ~/.profile ]]; then
        builtin source ~/.profile
    fi
else
    # Debian and Arch build bash so that it reads the first, others without any.
    if [[ -r /etc/bash.bashrc ]]; then
        builtin source /etc/bash.bashrc
    fi
    if [[ -r ~/.bashrc ]]; then
        builtin source ~/.bashrc
    fi
fi

__podium_folder=
# The marks stand in variables: a child that inherits an exported prompt has none of them, and shows the prompt alone.
# \001 and \002 are what \[ and \] become: what is between them takes no room.
__podium_done=$'\001\e]133;D;'
__podium_before=$'\a\e]133;A;cl=line\a\002'
__podium_more=$'\001\e]133;P;k=s\a\002'
__podium_after=$'\001\e]133;B\a\002'
__podium_output=$'\e]133;C\a'
__podium_place=
if ((BASH_VERSINFO[0] < 4 || (BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] < 4))); then
    # PS0 came with 4.4. Without a mark where output begins, nothing may take a program for what stands at a prompt.
    __podium_before=$'\a\e]133;A\a\002'
    __podium_more= __podium_after= __podium_output=
fi

# Marks the prompts, where they were set since.
__podium_mark_prompts() {
    if [[ ${PS1-} != *__podium_* && ${PS1-} != *'133;A'* ]]; then
        PS1='${__podium_done:+$__podium_done$?$__podium_before}'$__podium_place${PS1-}'${__podium_after-}'
    fi
    if [[ -n $__podium_more && -n ${PS2-} && $PS2 != *__podium_* && $PS2 != *'133;'* ]]; then
        PS2='${__podium_more-}'$PS2'${__podium_after-}'
    fi
    if [[ -n $__podium_output && ${PS0-} != *__podium_* && ${PS0-} != *'133;C'* ]]; then
        PS0='${__podium_output-}'${PS0-}
    fi
}

# Tells the folder and marks the prompts. It changes neither $? nor what an earlier command has set.
__podium_prompt() {
    builtin local status=$?
    if [[ $PWD != "$__podium_folder" ]]; then
        __podium_folder=$PWD
        builtin local LC_ALL=C LANG=C path='' character code i
        for ((i = 0; i < ${#PWD}; i++)); do
            character=${PWD:i:1}
            case $character in
                [a-zA-Z0-9/._~-]) path+=$character ;;
                *)
                    builtin printf -v code '%d' "'$character"
                    builtin printf -v code '%%%02X' $((code & 255))
                    path+=$code
                    ;;
            esac
        done
        builtin printf '\e]7;file://%s%s\a' "${HOSTNAME-}" "$path" >&2
    fi
    __podium_mark_prompts
    builtin return "$status"
}

if ! builtin shopt -q promptvars; then
    # Nothing stands in a prompt for something else: no mark could be told from the prompt.
    builtin unset -v __podium_place
elif [[ -n $(builtin trap -p DEBUG) ]]; then
    # A DEBUG trap sees each command, also of PROMPT_COMMAND, and may show it: none is added.
    __podium_place='${__podium_done:+'$'\001\e]7;file://''$HOSTNAME${PWD//\%/%25}'$'\a\002''}'
    __podium_mark_prompts
else
    # By a variable: a child that inherits an exported PROMPT_COMMAND has neither it nor the function.
    __podium_hook=__podium_prompt
    if [[ $(builtin declare -p PROMPT_COMMAND 2>/dev/null) == 'declare -a'* ]]; then
        PROMPT_COMMAND+=('${__podium_hook-}')
    else
        PROMPT_COMMAND=${PROMPT_COMMAND:+$PROMPT_COMMAND$'\n'}'${__podium_hook-}'
    fi
fi
