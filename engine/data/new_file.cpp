// SPDX-License-Identifier: Apache-2.0
#include "engine/data/new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>

#include "engine/core/error.h"
#include "engine/core/files.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

void flush(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    ::fsync(descriptor);
    ::close(descriptor);
}

/// Gives a file its name unless somebody has it; errno, 0 when it is done.
int moveTo(const fs::path& from, const fs::path& to) {
    if (::link(from.c_str(), to.c_str()) == 0) {
        ::unlink(from.c_str());
        return 0;
    }
    if (errno == EEXIST) return EEXIST;
    // File systems without hard links: the best that can be done.
    std::error_code error;
    if (fs::exists(to, error)) return EEXIST;
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

NewFile::NewFile(fs::path wanted) : wanted_(std::move(wanted)) {
    static std::atomic<unsigned> counter{0};
    if (!wanted_.has_filename())
        throw Error(ErrorCode::Usage, "\"" + wanted_.string() + "\" names no file.", "Give a file name.");
    std::error_code error;
    if (wanted_.has_parent_path()) fs::create_directories(wanted_.parent_path(), error);
    temporary_ = wanted_;
    temporary_.replace_filename("." + wanted_.stem().string() + ".tmp" + std::to_string(::getpid()) + "-" +
                                std::to_string(counter++) + wanted_.extension().string());
}

NewFile::~NewFile() {
    std::error_code ignored;
    fs::remove(temporary_, ignored);
}

fs::path NewFile::place() {
    flush(temporary_);
    fs::path name = wanted_;
    for (int number = 2;; ++number) {
        const int error = moveTo(temporary_, name);
        if (error == 0) return name;
        if (error != EEXIST || number > 100000)
            throw Error(ErrorCode::BadFile, wanted_.string() + " cannot be put in place: " + systemMessage(error) + ".",
                        "Check that the folder exists, may be written and has free space.");
        name = wanted_;
        name.replace_filename(wanted_.stem().string() + "-" + std::to_string(number) + wanted_.extension().string());
    }
}

}  // namespace vl
