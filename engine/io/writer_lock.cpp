// SPDX-License-Identifier: Apache-2.0
#include "engine/io/writer_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "engine/core/error.h"
#include "engine/core/files.h"

namespace vl {
namespace {

constexpr const char* lockName = "writer.lock";

/// Of the whole file, belonging to the descriptor and not to the process: two writers in one process clash, too.
struct flock wholeFile() {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

}  // namespace

WriterLock::WriterLock(const std::filesystem::path& folder) {
    const auto file = folder / lockName;
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    auto lock = wholeFile();
    if (descriptor_ >= 0 && ::fcntl(descriptor_, F_OFD_SETLK, &lock) == 0) return;
    const int error = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    if (error == EAGAIN || error == EACCES)
        throw Error(ErrorCode::Usage, folder.string() + " is being written by another run.", "Wait for it or choose another folder.");
    throw Error(ErrorCode::BadFile, file.string() + " cannot be locked: " + systemMessage(error) + ".", "Check that the folder may be written.");
}

WriterLock::~WriterLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

bool WriterLock::isHeld(const std::filesystem::path& folder) {
    const int descriptor = ::open((folder / lockName).c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return false;
    auto lock = wholeFile();
    const bool asked = ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0;
    ::close(descriptor);
    return asked && lock.l_type != F_UNLCK;
}

}  // namespace vl
