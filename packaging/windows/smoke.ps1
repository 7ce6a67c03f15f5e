# Installs silently, installs again over it, plays the demo to its end, uninstalls, and looks for what is left.
#   pwsh packaging/windows/smoke.ps1 -Installer dist\podium-…-setup.exe -Pictures pictures
param([Parameter(Mandatory)] [string] $Installer, [Parameter(Mandatory)] [string] $Pictures)
$ErrorActionPreference = 'Stop'

$folder = Join-Path $env:LOCALAPPDATA 'Programs\Podium'
$program = Join-Path $folder 'podium.exe'
$places = @(
    $folder,
    (Join-Path $env:APPDATA 'Microsoft\Windows\Start Menu\Programs\Podium.lnk'),
    (Join-Path ([Environment]::GetFolderPath('Desktop')) 'Podium.lnk'),
    'HKCU:\Software\Microsoft\Windows\CurrentVersion\Uninstall\Podium',
    'HKCU:\Software\Classes\Podium.Mission',
    'HKCU:\Software\Classes\SystemFileAssociations\.toml\shell\Podium'
)

# Exit codes alone prove nothing here, so the files are looked at as well.
function Invoke-Program([string] $File, [string[]] $Arguments) {
    $process = Start-Process -FilePath $File -ArgumentList $Arguments -Wait -PassThru
    if ($process.ExitCode -ne 0) { throw "$File $Arguments ended with $($process.ExitCode)" }
}

Invoke-Program $Installer '/S', '/DESKTOP=1'
foreach ($place in $places) { if (-not (Test-Path $place)) { throw "$place is missing after the installation" } }

$stale = Join-Path $folder '_internal\of-an-older-version.txt'
Set-Content $stale 'stale'
Invoke-Program $Installer '/S', '/DESKTOP=1'
if (Test-Path $stale) { throw 'A file of the older version is still there after an upgrade' }

New-Item -ItemType Directory -Force $Pictures | Out-Null
$summary = Join-Path $Pictures 'summary.json'
Invoke-Program $program 'demo', '--until-done', '--summary', "`"$summary`"", '--screenshot', "`"$Pictures`""
if (-not (Test-Path $summary)) { throw 'The demo wrote no summary' }
Get-Content $summary

# Without _?= the uninstaller goes on as a copy of itself, and is not waited for.
Invoke-Program (Join-Path $folder 'uninstall.exe') '/S', "_?=$folder"
Remove-Item (Join-Path $folder 'uninstall.exe') -ErrorAction SilentlyContinue
if ((Test-Path $folder) -and -not (Get-ChildItem $folder)) { Remove-Item $folder }
foreach ($place in $places) { if (Test-Path $place) { throw "$place is left after the uninstallation" } }
Write-Output 'installed, upgraded, ran the demo, uninstalled: nothing left'
