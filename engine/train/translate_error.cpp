// SPDX-License-Identifier: Apache-2.0
#include "engine/train/translate_error.h"

#include <filesystem>
#include <new>
#include <string>

#include <c10/util/Exception.h>

namespace vl {
namespace {

Error outOfMemory() {
    return Error(ErrorCode::OutOfMemory, "The machine ran out of memory.",
                 "Lower data.batch or eval.batch, or choose a smaller model.");
}

std::string firstLine(const std::string& text) {
    std::string line = text.substr(0, text.find('\n'));
    if (line.size() > 200) line = line.substr(0, 197) + "...";
    while (!line.empty() && (line.back() == '.' || line.back() == ' '))
        line.pop_back();
    return line;
}

bool saysOutOfMemory(const std::string& text) {
    return text.find("can't allocate memory") != std::string::npos ||
           text.find("not enough memory") != std::string::npos || text.find("out of memory") != std::string::npos;
}

}  // namespace

Error translateError(std::exception_ptr exception) {
    try {
        std::rethrow_exception(exception);
    } catch (const Error& error) {
        return error;
    } catch (const std::bad_alloc&) {
        return outOfMemory();
    } catch (const c10::Error& error) {
        const std::string text = error.what_without_backtrace();
        if (saysOutOfMemory(text)) return outOfMemory();
        return Error(ErrorCode::Internal, "The tensor library refused an operation (" + firstLine(text) + ").",
                     "Check that model, data and checkpoint belong together.");
    } catch (const std::filesystem::filesystem_error& error) {
        return Error(ErrorCode::BadFile,
                     "A file operation failed: " + error.code().message() + " (" + error.path1().string() + ").",
                     "Check the path, its permissions and the free space.");
    } catch (const std::exception& error) {
        if (saysOutOfMemory(error.what())) return outOfMemory();
        return Error(ErrorCode::Internal, "An internal step failed (" + firstLine(error.what()) + ").",
                     "The run folder holds the last checkpoint; resume from it.");
    } catch (...) {
        return Error(ErrorCode::Internal, "An internal step failed for an unknown reason.",
                     "The run folder holds the last checkpoint; resume from it.");
    }
}

}  // namespace vl
