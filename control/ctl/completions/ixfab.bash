# SPDX-License-Identifier: BSD-3-Clause
# Completion of ixfab for bash. The program itself knows its words: it is given the line up to the
# cursor, and prints what could stand there. "@files" among it stands for the names of files.
#
# For bash a word begins behind a colon, too (COMP_WORDBREAKS): of a MAC or IPv6 address it wants to
# be given only the part behind the last one that was typed.
_ixfab() {
	local words=() candidates=() current begun='' line=${COMP_LINE:0:COMP_POINT}

	read -ra words <<<"$line"
	[[ $line == *[[:space:]] ]] && words+=("")
	current=${words[-1]}
	[[ $current != *:* || $COMP_WORDBREAKS != *:* ]] || begun=${current%"${current##*:}"}
	mapfile -t candidates < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)

	COMPREPLY=()
	for line in "${candidates[@]}"; do
		if [[ $line == @files ]]; then
			compopt -o filenames
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
		else
			COMPREPLY+=("${line#"$begun"}")
		fi
	done
}
complete -F _ixfab ixfab
