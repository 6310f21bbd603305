//! `weir completion`.

use clap::{Args, ValueEnum};

use crate::cli;
use crate::context::Context;
use crate::failure::Failure;

/// Print the completion script of a shell
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir completion bash > /etc/bash_completion.d/weir
  weir completion zsh > ~/.zfunc/_weir
  weir completion fish > ~/.config/fish/completions/weir.fish
  weir completion powershell >> $PROFILE")]
pub struct CompletionArgs {
    /// The shell that will read it
    #[arg(value_enum)]
    pub shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

pub fn run(args: &CompletionArgs, context: &Context) -> Result<(), Failure> {
    context.output.text(&script(args.shell))
}

fn script(shell: Shell) -> String {
    let shell = match shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
        Shell::Powershell => clap_complete::Shell::PowerShell,
    };
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut cli::command(), "weir", &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
