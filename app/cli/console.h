// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vl::cli {

/// `visionllama: message hint` on standard error, one line.
void printError(const std::string& message, const std::string& hint);

/// Standard error is a terminal, so that a line may be rewritten in place.
bool onTerminal();

/// Columns of the terminal, 80 when unknown.
int terminalWidth();

/// A line on standard error that is rewritten in place on a terminal; elsewhere nothing is shown by update(), and
/// only line() prints.
class ProgressLine {
public:
    ~ProgressLine() { clear(); }
    /// `done` in 0..1; the bar takes what `text` leaves of the width.
    void update(double done, const std::string& text);
    /// A line that stays, above the bar.
    void line(const std::string& text);
    void clear();

private:
    bool shown_ = false;
};

/// "1:02:03" or "2:03".
std::string duration(double seconds);

/// Rows of equal length as aligned columns, the first row underlined; numbers to the right.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace vl::cli
