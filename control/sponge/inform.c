// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdio.h>

#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/sponge/sponge_lan.h"

static int complain(char *problem, int err, const struct ip *ip, const char *what)
{
	char text[IP_TEXT_SIZE];

	snprintf(problem, SPONGE_PROBLEM_SIZE, "%s %s", ip_format(ip, text), what);
	return err;
}

static int find(const struct sponge_lan *lan, const struct ip *ip, struct frames_host *host,
		uint16_t *port, char *problem)
{
	*host = (struct frames_host){.ip = *ip};
	if (!lan_has(lan, ip))
		return complain(problem, -EINVAL, ip, "is in another LAN");
	if (!lan_owner(lan, ip, port, &host->mac))
		return complain(problem, -ENOENT, ip, "is at no port that is known");
	if (!host->mac)
		return complain(problem, -ENOENT, ip,
				"has not been heard of yet, so that its MAC address is not known");
	return 0;
}

static int put(struct sponge_lan *lan, uint16_t port, enum sponge_update form,
	       const struct frames_host *owner, const struct frames_host *neighbour)
{
	struct sponges *sponges = lan->sponges;
	struct out_frame frame = {.lan = lan->number,
				  .port = port,
				  .except = FDB_ANY,
				  .count = &sponges->count.updates};

	frame.length = frames_update(form, owner, neighbour, frame.octets);
	return out_put(sponges->out, &frame);
}

int sponges_inform(struct sponges *sponges, const struct ip *whom, const struct ip *about,
		   char *problem)
{
	struct sponge_lan *lan = sponge_lan_at(sponges, sponges_lan_of(sponges, about));
	enum sponge_update forms[FORMS_MAX];
	struct frames_host owner, neighbour;
	uint16_t owner_port, port;
	int err;

	if (!lan)
		return complain(problem, -ENOENT, about, "is in no LAN that has a sponge");
	if (whom->family != about->family)
		return complain(problem, -EINVAL, whom, "is of the other IP version");
	if (!fabric_is_attached(sponges->control->fabric))
		return complain(problem, -ENOTCONN, whom, "cannot be told: there is no dataplane");
	err = find(lan, about, &owner, &owner_port, problem);
	if (!err)
		err = find(lan, whom, &neighbour, &port, problem);
	if (err)
		return err;
	size_t n = told_forms(lan, whom->family, forms);
	if (n == 0)
		forms[n++] = SPONGE_UPDATE_REQUEST; // none by themselves, but an operator asks
	for (size_t i = 0; i < n && !err; i++)
		err = put(lan, port, forms[i], &owner, &neighbour);
	return err ? complain(problem, err, whom, "cannot be told: too many frames wait") : 0;
}
