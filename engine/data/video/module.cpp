// SPDX-License-Identifier: Apache-2.0
// The video module: the only file that sees OpenCV's video part.
#include "engine/data/video/module.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>
#include <opencv2/videoio/registry.hpp>

namespace {

struct Reader {
    cv::VideoCapture capture;
    cv::Mat frame;
    std::vector<unsigned char> rgb;
};

struct Writer {
    cv::VideoWriter writer;
    cv::Mat frame;
};

/// The libraries below report damage to standard error; callers say it in a sentence of their own.
void keepQuiet() {
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", /*overwrite=*/0);
}

/// Files alone: other back ends take patterns of picture names and devices for a video too.
int backend() {
    for (const cv::VideoCaptureAPIs known : cv::videoio_registry::getStreamBackends())
        if (known == cv::CAP_FFMPEG) return known;
    return cv::CAP_ANY;
}

void swapEnds(const unsigned char* from, unsigned char* to, int pixels) {
    for (int i = 0; i < pixels; ++i, from += 3, to += 3) {
        to[0] = from[2];
        to[1] = from[1];
        to[2] = from[0];
    }
}

void* openReader(const char* file) {
    try {
        keepQuiet();
        auto reader = std::make_unique<Reader>();
        if (!reader->capture.open(file, backend())) return nullptr;
        return reader.release();
    } catch (...) {
        return nullptr;
    }
}

/// What a broken header says may be any number.
double announced(void* reader, int property) {
    try {
        const double value = static_cast<Reader*>(reader)->capture.get(property);
        return value > 0 && value < 1e12 ? value : 0;
    } catch (...) {
        return 0;
    }
}

long long announcedFrames(void* reader) { return static_cast<long long>(announced(reader, cv::CAP_PROP_FRAME_COUNT)); }
double framesPerSecond(void* reader) { return announced(reader, cv::CAP_PROP_FPS); }

int read(void* reader, VlVideoFrame* frame) {
    try {
        Reader& from = *static_cast<Reader*>(reader);
        if (!from.capture.read(from.frame) || from.frame.empty() || from.frame.type() != CV_8UC3) return 0;
        const int width = from.frame.cols, height = from.frame.rows;
        from.rgb.resize(static_cast<std::size_t>(width) * height * 3);
        for (int y = 0; y < height; ++y)
            swapEnds(from.frame.ptr(y), from.rgb.data() + static_cast<std::size_t>(y) * width * 3, width);
        *frame = {from.rgb.data(), width, height};
        return 1;
    } catch (...) {
        return 0;
    }
}

void closeReader(void* reader) { delete static_cast<Reader*>(reader); }

void* openWriter(const char* file, int width, int height, double rate) {
    try {
        keepQuiet();
        const bool avi = std::string_view(file).ends_with(".avi");
        const int code = avi ? cv::VideoWriter::fourcc('M', 'J', 'P', 'G') : cv::VideoWriter::fourcc('m', 'p', '4', 'v');
        auto writer = std::make_unique<Writer>();
        writer->frame.create(height, width, CV_8UC3);
        if (!writer->writer.open(file, code, rate, writer->frame.size())) return nullptr;
        return writer.release();
    } catch (...) {
        return nullptr;
    }
}

int write(void* writer, const unsigned char* rgb) {
    try {
        Writer& to = *static_cast<Writer*>(writer);
        for (int y = 0; y < to.frame.rows; ++y)
            swapEnds(rgb + static_cast<std::size_t>(y) * to.frame.cols * 3, to.frame.ptr(y), to.frame.cols);
        to.writer.write(to.frame);
        return 1;
    } catch (...) {
        return 0;
    }
}

void closeWriter(void* writer) {
    try {
        delete static_cast<Writer*>(writer);
    } catch (...) {  // the caller looks at the file's size
    }
}

const VlVideoModule table = {VL_VIDEO_ABI, openReader, announcedFrames, framesPerSecond, read,
                             closeReader,  openWriter, write,           closeWriter};

}  // namespace

extern "C" __attribute__((visibility("default"))) const VlVideoModule* vlVideoModule() { return &table; }
