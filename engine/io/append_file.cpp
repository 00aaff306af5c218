// SPDX-License-Identifier: Apache-2.0
#include "engine/io/append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "engine/core/error.h"
#include "engine/core/files.h"

namespace vl {

AppendFile::AppendFile(std::filesystem::path file) : file_(std::move(file)) {
    descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor_ < 0) fail();
}

AppendFile::~AppendFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void AppendFile::fail() const {
    throw Error(ErrorCode::BadFile, file_.string() + " cannot be written: " + systemMessage(errno) + ".",
                "Check that the folder may be written and has free space.");
}

void AppendFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail();
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void AppendFile::endTornLine() {
    struct stat info {};
    char last = '\n';
    if (::fstat(descriptor_, &info) == 0 && info.st_size > 0 && ::pread(descriptor_, &last, 1, info.st_size - 1) == 1 && last != '\n')
        append("\n");
}

void AppendFile::sync() {
    if (::fdatasync(descriptor_) != 0) fail();
}

}  // namespace vl
