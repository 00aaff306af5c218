// SPDX-License-Identifier: Apache-2.0
#pragma once

// What libvl_video.so offers: one function table behind one C symbol, with no OpenCV type in it. OpenCV's video part
// brings a hundred libraries along, so programs open the module when a video is first read or written and not before.
// Functions that return int give 1 for success and 0 otherwise.

extern "C" {

/// Raised whenever the table below changes; a module of another number is refused.
#define VL_VIDEO_ABI 1

/// One picture, rows from the top, red first, without gaps.
struct VlVideoFrame {
    const unsigned char* rgb;  ///< the reader's own, until its next call
    int width, height;
};

struct VlVideoModule {
    int abi;

    /// Null for what is no video.
    void* (*openReader)(const char* file);
    /// What the file announces; 0: nothing.
    long long (*announcedFrames)(void* reader);
    double (*framesPerSecond)(void* reader);
    /// 0 at the end, which damage may bring early.
    int (*read)(void* reader, VlVideoFrame* frame);
    void (*closeReader)(void* reader);

    /// Null where there is no encoder or the file cannot be written. Motion JPEG for .avi, MPEG-4 for all others.
    void* (*openWriter)(const char* file, int width, int height, double framesPerSecond);
    int (*write)(void* writer, const unsigned char* rgb);
    void (*closeWriter)(void* writer);
};

/// The module's only exported symbol.
using VlVideoModuleEntry = const VlVideoModule* (*)();
}
