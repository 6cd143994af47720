// SPDX-License-Identifier: BSD-3-Clause
// Runs a fuzz target, which it is linked with, over files.
//
//   replay_NAME FILE-OR-FOLDER…
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

// Returns 0, or -1 with a word about it.
static int replay_file(const char *path)
{
	char *octets = NULL;
	size_t n = 0;
	FILE *file = fopen(path, "re");

	if (!file) {
		perror(path);
		return -1;
	}
	FILE *copy = open_memstream(&octets, &n);
	for (int c = getc(file); copy && c != EOF; c = getc(file))
		putc(c, copy);
	fclose(file);
	if (!copy || fclose(copy)) {
		perror(path);
		return -1;
	}

	// Exactly as many octets as there are, so that reading beyond them is seen.
	uint8_t *input = malloc(n ? n : 1);
	if (input) {
		memcpy(input, octets, n);
		LLVMFuzzerTestOneInput(input, n);
	}
	free(input);
	free(octets);
	return input ? 0 : -1;
}

// Returns how many files were run, or -1.
static int replay(const char *path)
{
	struct dirent **names;
	struct stat status;
	int done = 0;

	if (stat(path, &status) || !S_ISDIR(status.st_mode))
		return replay_file(path) ? -1 : 1;
	int n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		char file[4096];

		snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.' && done >= 0)
			done = replay_file(file) ? -1 : done + 1;
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return n < 0 ? -1 : done;
}

int main(int argc, char **argv)
{
	int total = 0;

	for (int i = 1; i < argc; i++) {
		int n = replay(argv[i]);

		if (n < 0)
			return EXIT_FAILURE;
		total += n;
	}
	printf("%d inputs\n", total);
	return total ? EXIT_SUCCESS : EXIT_FAILURE;
}
