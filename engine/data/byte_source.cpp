// SPDX-License-Identifier: Apache-2.0
#include "engine/data/byte_source.h"

#include <algorithm>
#include <fstream>

#ifdef VL_HAVE_ZLIB
#include <zlib.h>
#endif

#include "engine/core/error.h"

namespace vl {
namespace {

class PlainFile final : public ByteSource {
public:
    explicit PlainFile(std::ifstream file) : file_(std::move(file)) {}
    std::size_t read(void* to, std::size_t bytes) override {
        file_.read(static_cast<char*>(to), static_cast<std::streamsize>(bytes));
        return static_cast<std::size_t>(file_.gcount());
    }

private:
    std::ifstream file_;
};

#ifdef VL_HAVE_ZLIB
class GzipFile final : public ByteSource {
public:
    explicit GzipFile(const std::filesystem::path& file) : name_(file.string()), file_(::gzopen(file.c_str(), "rb")) {
        if (!file_) throw Error(ErrorCode::BadFile, name_ + " cannot be opened.", "Check that you may read it.");
        ::gzbuffer(file_, 1u << 17);
    }
    ~GzipFile() override { ::gzclose(file_); }
    GzipFile(const GzipFile&) = delete;
    GzipFile& operator=(const GzipFile&) = delete;

    std::size_t read(void* to, std::size_t bytes) override {
        std::size_t done = 0;
        while (done < bytes) {
            const auto part = static_cast<unsigned>(std::min<std::size_t>(bytes - done, 1u << 20));
            const int got = ::gzread(file_, static_cast<char*>(to) + done, part);
            if (got < 0) throw Error(ErrorCode::BadFile, name_ + " is damaged: its compressed data cannot be read.", "Fetch the file again.");
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

private:
    std::string name_;
    gzFile file_;
};
#endif

}  // namespace

std::unique_ptr<ByteSource> openBytes(const std::filesystem::path& file) {
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status)) throw Error(ErrorCode::NotFound, "There is no file " + file.string() + ".", "Check the path.");
    if (!std::filesystem::is_regular_file(status)) throw Error(ErrorCode::BadFile, file.string() + " is not a file.", "Choose a file.");
    std::ifstream plain(file, std::ios::binary);
    unsigned char magic[2] = {0, 0};
    plain.read(reinterpret_cast<char*>(magic), 2);
    if (plain && magic[0] == 0x1f && magic[1] == 0x8b) {
#ifdef VL_HAVE_ZLIB
        return std::make_unique<GzipFile>(file);
#else
        throw Error(ErrorCode::Unsupported, "This build has no zlib and cannot read the compressed file " + file.string() + ".",
                    "Decompress it with gunzip, or build with zlib.");
#endif
    }
    plain.clear();
    plain.seekg(0);
    return std::make_unique<PlainFile>(std::move(plain));
}

}  // namespace vl
