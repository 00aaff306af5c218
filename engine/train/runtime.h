// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vl {

/// Tells the C library to keep freed memory instead of handing every large activation back to the kernel; the same
/// buffers come and go each step. Call once, first thing in main(). Does nothing where glibc is not used.
void tuneAllocator();

/// Lets threads that wait for each other sleep early instead of spinning for milliseconds: beside other load (a window,
/// a compiler) training is several times faster that way. The OpenMP library reads this from the environment when it
/// is loaded, so the program is started again in place, once; a choice the user made in the environment is respected.
/// Call first thing in main().
void useShortSpins(char** argv);

/// Sets the number of compute threads of the tensor library for the whole process; 0: all cores. Returns the number.
int setComputeThreads(int threads);

/// Number of cores this process may use (its affinity mask, not the machine's).
int usableCores();

/// Limits parallel work started from the calling thread, without touching other threads. Used by the thread that
/// looks at pictures while another one trains. Best effort: without OpenMP it does nothing.
void limitThisThread(int threads);

}  // namespace vl
