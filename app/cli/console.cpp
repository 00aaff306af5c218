// SPDX-License-Identifier: Apache-2.0
#include "app/cli/console.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

namespace vl::cli {
namespace {

/// Columns a UTF-8 text takes, for the texts printed here (no wide or combining characters).
std::size_t columns(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool looksNumeric(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789.,-+ %MGk") == std::string::npos;
}

std::string bar(double done, std::size_t width) {
    const auto full = static_cast<std::size_t>(std::lround(std::clamp(done, 0.0, 1.0) * static_cast<double>(width)));
    std::string text;
    for (std::size_t i = 0; i < width; ++i)
        text += i < full ? "█" : "░";
    return text;
}

}  // namespace

void printError(const std::string& message, const std::string& hint) {
    std::string text = message;
    if (!hint.empty()) text += " " + hint;
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::fprintf(stderr, "visionllama: %s\n", text.c_str());
}

bool onTerminal() { return isatty(STDERR_FILENO) == 1; }

int terminalWidth() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

void ProgressLine::update(double done, const std::string& text) {
    if (!onTerminal()) return;
    const std::size_t width = static_cast<std::size_t>(terminalWidth()) - 1;
    const std::size_t used = columns(text) + 7;
    const std::string meter =
        used + 8 < width ? bar(done, std::min<std::size_t>(width - used, 30)) + " " : std::string();
    std::fprintf(stderr, "\r\033[K%s%3.0f %% %s", meter.c_str(), 100 * std::clamp(done, 0.0, 1.0), text.c_str());
    std::fflush(stderr);
    shown_ = true;
}

void ProgressLine::line(const std::string& text) {
    clear();
    std::fprintf(stderr, "%s\n", text.c_str());
}

void ProgressLine::clear() {
    if (shown_) std::fputs("\r\033[K", stderr);
    shown_ = false;
}

std::string duration(double seconds) {
    const long total = std::lround(std::max(0.0, seconds));
    char text[32];
    if (total >= 3600)
        std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", total / 3600, total / 60 % 60, total % 60);
    else
        std::snprintf(text, sizeof text, "%ld:%02ld", total / 60, total % 60);
    return text;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
    if (rows.empty()) return {};
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], columns(row[i]));
    std::string text;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        std::string line;
        for (std::size_t i = 0; i < rows[r].size(); ++i) {
            const std::string gap(widths[i] - columns(rows[r][i]), ' ');
            const bool right = rows.size() > 1 && looksNumeric(rows[1][i]);
            line += (i ? "  " : "") + (right ? gap + rows[r][i] : rows[r][i] + gap);
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        if (r == 0) {
            for (std::size_t i = 0; i < widths.size(); ++i)
                text += (i ? "  " : "") + std::string(widths[i], '-');
            text += "\n";
        }
    }
    return text;
}

}  // namespace vl::cli
