// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vl {

/// Tells the C library to keep freed memory instead of handing every large activation back to the kernel; the same
/// buffers come and go each step. Call once, first thing in main(). Does nothing where glibc is not used.
void tuneAllocator();

/// Sets the number of compute threads of the tensor library for the whole process; 0: all cores. Returns the number.
int setComputeThreads(int threads);

/// Number of cores this process may use (its affinity mask, not the machine's).
int usableCores();

/// Limits parallel work started from the calling thread, without touching other threads. Used by the thread that
/// looks at pictures while another one trains. Best effort: without OpenMP it does nothing.
void limitThisThread(int threads);

}  // namespace vl
