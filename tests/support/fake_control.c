// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/fake_control.h"

#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	abort();
}

static json_t *refuse(const char *text)
{
	return json_pack("{s:i, s:s}", "code", -32602, "message", text);
}

// Was the request made as the table says?
static bool params_match(const struct fake_answer *answer, const json_t *request)
{
	json_t *params = json_object_get(request, "params");
	char *text = params ? json_dumps(params, JSON_COMPACT | JSON_SORT_KEYS) : strdup("");
	bool match = !answer->params || strcmp(text, answer->params) == 0;

	if (!match)
		fprintf(stderr, "%s: params are %s\n", answer->method, text);
	free(text);
	return match;
}

static void send_object(FILE *stream, const json_t *request, const char *key, json_t *value)
{
	json_t *answer = json_pack("{s:s, s:O, s:o}", "jsonrpc", "2.0", "id",
				   json_object_get(request, "id"), key, value);

	json_dumpf(answer, stream, JSON_COMPACT);
	fputc('\n', stream);
	json_decref(answer);
}

static const struct fake_answer *find_answer(const struct fake_answer *answers,
					     const json_t *request)
{
	const char *method = json_string_value(json_object_get(request, "method"));

	while (answers->method && strcmp(answers->method, method) != 0)
		answers++;
	return answers;
}

// Returns false if the connection is to be closed.
static bool answer_request(FILE *stream, const struct fake_answer *answers, const json_t *request)
{
	const struct fake_answer *answer = find_answer(answers, request);

	if (!answer->method) {
		send_object(stream, request, "error", refuse("no such method in this test"));
		return true;
	}
	if (!params_match(answer, request)) {
		send_object(stream, request, "error", refuse("not the parameters of this test"));
		return true;
	}
	switch (answer->kind) {
	case FAKE_RESULT:
		send_object(stream, request, "result", json_loads(answer->text, 0, NULL));
		return true;
	case FAKE_ERROR:
		send_object(stream, request, "error", json_loads(answer->text, 0, NULL));
		return true;
	case FAKE_ECHO:
		send_object(stream, request, "result",
			    json_incref(json_object_get(request, "params")));
		return true;
	case FAKE_RAW:
		fputs(answer->text, stream);
		return false;
	case FAKE_SILENCE:
		return true;
	}
	return false;
}

static void serve(int listener, const struct fake_answer *answers)
{
	char *line = NULL;
	size_t size = 0;

	for (;;) {
		int fd = accept(listener, NULL, NULL);
		FILE *in = fdopen(fd, "r"), *out = fdopen(dup(fd), "w");
		bool open = true;

		while (open && getline(&line, &size, in) > 0) {
			json_t *request = json_loads(line, 0, NULL);

			open = answer_request(out, answers, request);
			fflush(out);
			json_decref(request);
		}
		fclose(in);
		fclose(out);
	}
}

void fake_control_start(struct fake_control *fake, const struct fake_answer *answers)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(fake->directory, "/tmp/ixfab-test-XXXXXX");
	if (!mkdtemp(fake->directory))
		die("mkdtemp");
	snprintf(fake->path, sizeof(fake->path), "%s/control.sock", fake->directory);
	strcpy(address.sun_path, fake->path);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(listener, 8) < 0)
		die("listen");
	fake->pid = fork();
	if (fake->pid < 0)
		die("fork");
	if (fake->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); // a test that crashes leaves nothing
		serve(listener, answers);
		_exit(0);
	}
	close(listener);
}

void fake_control_stop(struct fake_control *fake)
{
	kill(fake->pid, SIGKILL);
	waitpid(fake->pid, NULL, 0);
	unlink(fake->path);
	rmdir(fake->directory);
}
