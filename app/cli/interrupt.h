// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vl::cli {

/// From here on the first Ctrl-C (or SIGTERM) only sets a flag; a second one ends the program at once with code 130.
void catchInterrupts();
bool interrupted();

}  // namespace vl::cli
