/* filter_cmds.h - the filter's commands: each takes the arguments from its own
 * name on and gives the exit status. */
#ifndef TQ_CLI_FILTER_CMDS_H
#define TQ_CLI_FILTER_CMDS_H

#include "base/err.h"

struct tq_command;

int tq_cmd_check(const struct tq_command *c, int argc, char **argv);
int tq_cmd_train(const struct tq_command *c, int argc, char **argv);
int tq_cmd_eval(const struct tq_command *c, int argc, char **argv);
int tq_cmd_model(const struct tq_command *c, int argc, char **argv);

/* One line on standard error and the exit status: 2 for wrong use, 3 for
 * failure. */
int tq_filter_usage(const char *verb, const struct tq_err *e);
int tq_filter_failed(const char *verb, const struct tq_err *e);

#endif
