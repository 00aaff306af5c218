// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "engine/api/generate.h"

namespace vl {

/// One grid being made: everything happens on the calling thread, one piece of work a call, and errors are exceptions.
/// No torch type: the session drives it, tests script their own.
class GenerationJob {
public:
    virtual ~GenerationJob() = default;
    virtual const GenerationPlan& plan() const = 0;
    /// Steps of the longest chain so far.
    virtual int step() const = 0;
    virtual bool done() const = 0;
    /// One step of every chain that is not finished. `keepGoing` is asked between model calls; on false the step is
    /// given up, the chains stand as before it and the answer is false.
    virtual bool advance(const std::function<bool()>& keepGoing) = 0;
    /// The cells now. Frames are numbered from 0 in the order of these calls, and answer() can be asked about each.
    virtual SampleFrame frame() = 0;
    /// The finished cells as they are saved: decoded in full where there is an autoencoder. `progress` is told the share
    /// done; false cancels with Error(Cancelled).
    virtual SampleFrame result(const std::function<bool(double)>& progress) = 0;
    /// Runs the model once (along: once a stored frame). Does not disturb the chains.
    virtual CellAnswer answer(const CellQuestion& question) = 0;
};

/// Opens the model and sets the chains up. `opening` is told the share of the file read; false cancels.
using OpenGeneration =
    std::function<std::unique_ptr<GenerationJob>(const SampleRequest&, const std::function<bool(double)>& opening)>;

}  // namespace vl
