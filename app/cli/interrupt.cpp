// SPDX-License-Identifier: Apache-2.0
#include "app/cli/interrupt.h"

#include <unistd.h>
#include <csignal>

namespace vl::cli {
namespace {

volatile std::sig_atomic_t gInterrupts = 0;

void onSignal(int) {
    if (gInterrupts != 0) _exit(130);
    gInterrupts = 1;
}

}  // namespace

void catchInterrupts() {
    struct sigaction action {};
    action.sa_handler = onSignal;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return gInterrupts != 0; }

}  // namespace vl::cli
