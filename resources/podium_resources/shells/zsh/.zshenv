# Shell integration of Podium for zsh. Podium sets ZDOTDIR to this folder, so zsh reads this file in the place of the
# person's .zshenv. It puts ZDOTDIR back at once: all other files are read from where they are.

if [[ -n ${PODIUM_ZDOTDIR_BEFORE+set} ]]; then
    builtin export ZDOTDIR=$PODIUM_ZDOTDIR_BEFORE
    builtin unset PODIUM_ZDOTDIR_BEFORE
else
    builtin unset ZDOTDIR
fi
{
    if [[ -r ${ZDOTDIR-$HOME}/.zshenv ]]; then
        builtin source ${ZDOTDIR-$HOME}/.zshenv
    fi
} always {
    if [[ -o interactive && -n ${PODIUM_SHELL_INTEGRATION-} ]]; then
        builtin autoload -Uz -- "$PODIUM_SHELL_INTEGRATION/podium-integration"
        podium-integration
        builtin unfunction podium-integration
    fi
    builtin unset PODIUM_SHELL_INTEGRATION
}
