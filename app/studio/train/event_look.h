// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "engine/api/types.h"
#include "widgets/tone.h"

namespace vl {

/// How an event looks on the strip and in the list.
struct EventLook {
    QString icon;
    Tone tone = Tone::Text2;
    QString word;
};
EventLook eventLook(RunEventKind kind);

}  // namespace vl
