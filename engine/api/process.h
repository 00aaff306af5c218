// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vl {

/// Lets threads that wait for each other sleep early instead of spinning for milliseconds: beside other load (a window,
/// a compiler) training is several times faster that way. The OpenMP library reads this from the environment when it
/// is loaded, so the program is started again in place, once; a choice the user made in the environment is respected.
/// Call first thing in main().
void useShortSpins(char** argv);

}  // namespace vl
