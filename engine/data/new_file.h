// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace vl {

/// A file that appears complete under a name nobody had taken: it is written under another name in the same folder and
/// then given the wanted one, or "name-2", "name-3" ... Without place() nothing remains.
class NewFile {
public:
    /// Creates missing folders. Throws Error(Usage) for a name without a file name.
    explicit NewFile(std::filesystem::path wanted);
    ~NewFile();
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    /// Where to write; has the wanted ending.
    const std::filesystem::path& temporary() const { return temporary_; }
    /// The name it got. Throws Error(BadFile) when the disk refuses.
    std::filesystem::path place();

private:
    std::filesystem::path wanted_, temporary_;
};

}  // namespace vl
