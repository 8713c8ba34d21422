# Copyright 2026 The osync Authors
# SPDX-License-Identifier: BSD-3-Clause
#
# The settings and functions that setup, run and exec share. They source this file.
cache=${OSYNC_WINE_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/osync/wine}
export WINEPREFIX=$cache/prefix WINEARCH=win64 WINEDEBUG=${OSYNC_WINE_DEBUG:--all,err+module,err+virtual}
export WINEDLLOVERRIDES="mscoree,mshtml=;winemenubuilder.exe=;bcryptprimitives=n,b"
unset DISPLAY WAYLAND_DISPLAY # no windows

# find_wine sets wine and wineserver to the paths of these programs. The package wine64 of
# Debian and Ubuntu installs them in /usr/lib/wine, where their names end in "64".
find_wine() {
	local dir
	for dir in ${OSYNC_WINE_BIN:-/usr/lib/wine /usr/local/bin /usr/bin}; do
		wine=$(PATH=$dir type -P wine64 || PATH=$dir type -P wine) || continue
		wineserver=$(PATH=$dir type -P wineserver64 || PATH=$dir type -P wineserver) || continue
		return 0
	done
	return 1
}

# start_server starts wineserver and the services of Windows unless they are running. A program
# would start them, too, but they would inherit its output, and go test waits until no process has
# that open. The lock makes parallel callers wait until the server is ready. The server ends ten
# minutes after the last program.
start_server() {
	(
		flock 9 && cd "$cache" || exit
		! "$wineserver" -k0 2>/dev/null || exit 0
		"$wineserver" -p600 </dev/null >/dev/null 2>&1 9>&- &&
			"$wine" wineboot.exe </dev/null >/dev/null 2>&1 9>&-
	) 9>"$cache/start.lock" || { echo "tools/wine: cannot start the services of Windows" >&2 && return 1; }
}
