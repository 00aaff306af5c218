// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <utility>

namespace vl {

/// Marks a run folder as being written. The operating system drops the lock when the process dies, however it dies.
class WriterLock {
public:
    /// Takes `folder`/writer.lock. Throws Error(Usage) when another writer holds it, Error(BadFile) if it cannot be made.
    explicit WriterLock(const std::filesystem::path& folder);
    ~WriterLock();
    WriterLock(WriterLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    WriterLock& operator=(WriterLock&&) = delete;

    /// Whether somebody (this process included) writes the folder now. Asking takes no lock and disturbs nobody.
    static bool isHeld(const std::filesystem::path& folder);

private:
    int descriptor_ = -1;
};

}  // namespace vl
