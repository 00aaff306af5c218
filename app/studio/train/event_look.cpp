// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/event_look.h"

#include <QObject>

namespace vl {

EventLook eventLook(RunEventKind kind) {
    switch (kind) {
        case RunEventKind::Start:
            return {"play", Tone::Good, QObject::tr("Start")};
        case RunEventKind::Resume:
            return {"resume", Tone::Good, QObject::tr("Resume")};
        case RunEventKind::Pause:
            return {"pause", Tone::Warning, QObject::tr("Pause")};
        case RunEventKind::Continue:
            return {"play", Tone::Good, QObject::tr("Continue")};
        case RunEventKind::Edit:
            return {"pencil", Tone::Accent, QObject::tr("Edit")};
        case RunEventKind::Checkpoint:
            return {"flag", Tone::Text2, QObject::tr("Checkpoint")};
        case RunEventKind::Evaluate:
            return {"chart", Tone::Text2, QObject::tr("Evaluation")};
        case RunEventKind::Problem:
            return {"warning", Tone::Warning, QObject::tr("Problem")};
        case RunEventKind::Stop:
            return {"stop", Tone::Text2, QObject::tr("Stop")};
        case RunEventKind::Finish:
            return {"tick", Tone::Text, QObject::tr("Finish")};
        case RunEventKind::Fail:
            return {"cross", Tone::Error, QObject::tr("Failure")};
    }
    return {};
}

}  // namespace vl
