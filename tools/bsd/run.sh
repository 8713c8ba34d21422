# Copyright 2026 The osync Authors
# SPDX-License-Identifier: BSD-3-Clause
#
# "sh tools/bsd/run.sh" runs the tests that tools/bsd/build has compiled, each in the folder of its package.
set -eu
cd "$(dirname "$0")/../.."
status=0 tests=0
for test in $(find . -name osync.test | sort); do
	tests=$((tests + 1))
	folder=$(dirname "$test")
	if (cd "$folder" && ./osync.test -test.short -test.timeout 10m); then
		echo "ok	$folder"
	else
		echo "FAIL	$folder"
		status=1
	fi
done
if [ $tests = 0 ]; then
	echo "there is no osync.test: run tools/bsd/build first" >&2
	exit 2
fi
exit $status
