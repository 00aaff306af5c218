// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QObject>
#include <QTimer>

#include "engine/api/engine.h"

namespace vl {

/// What the engine says about the pictures of one task, pulled ten times a second while it works, else not at all.
class DenseFeed : public QObject {
    Q_OBJECT
public:
    /// `idBase`: requests are numbered from there on, so that views do not take each other's answers for their own.
    DenseFeed(Engine& engine, ModelTask task, std::uint64_t idBase, QObject* parent = nullptr);

    /// Gives the request a number of its own and sends it; takes the place of an unfinished one.
    void ask(DenseRequest request);
    /// Asks again when the run in training has written a newer checkpoint and the request wants its weights. What is
    /// shown stays until the answer is complete.
    void follow(const RunStatus& run);
    void cancel();
    void question(RegionQuestion question);
    void forgetAnswer();
    void save(DenseExport what);
    void poll();

    const DenseRequest& request() const { return request_; }
    bool asked() const { return request_.id != 0; }
    const DenseLook& look() const { return look_; }
    bool busy() const { return asked() && (look_.request != request_.id || look_.busy); }
    /// The newer weights' answer is under way; look() is still the older one's.
    bool renewing() const { return renewing_; }
    /// look() shows the same pictures as before, seen by newer weights.
    bool renewed() const { return renewed_; }
    /// What the request is at, or where it was cancelled: pictures, or tiles of a lone large one. Empty: it is done.
    QString progressText() const;
    /// How much of the request is done, 0 to 1; tiles of the picture under way count.
    double share() const;
    /// Answer to the newest question; null until it came.
    std::shared_ptr<const RegionAnswer> answer() const { return answer_; }

Q_SIGNALS:
    void changed();
    void answered();

private:
    struct Checkpoint {
        std::uint64_t generation = 0;
        std::int64_t step = 0;
        bool operator==(const Checkpoint&) const = default;
    };
    void wake();
    void send();

    Engine& engine_;
    ModelTask task_;
    std::uint64_t idBase_, serial_ = 0, questions_ = 0, asked_ = 0;
    QTimer timer_;
    DenseRequest request_;
    DenseLook look_;
    std::shared_ptr<const RegionAnswer> answer_;
    Checkpoint followed_;  ///< whose weights were last asked for
    bool renewing_ = false, renewed_ = false;
    int idlePolls_ = 0;
};

}  // namespace vl
