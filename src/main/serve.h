/* serve.h - taliq serve: all parts wired, started, and stopped in order. */
#ifndef TQ_MAIN_SERVE_H
#define TQ_MAIN_SERVE_H

#include "cli/cli.h"

int tq_cmd_serve(const struct tq_command *c, int argc, char **argv);

#endif
