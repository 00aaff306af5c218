// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/io/pickle_tree.h"

namespace vl::detail {

/// Adds nodes to a tree and gives meaning to the calls a pickle asks for. Keeps account of what it allocates, because
/// a few bytes of a hostile pickle can ask for the same long text again and again.
class PickleBuilder {
public:
    /// `budget`: bytes that may be copied while building.
    PickleBuilder(PickleTree& tree, const std::string& where, std::size_t budget);

    [[noreturn]] void bad(const std::string& what) const;

    const PickleNode& node(PickleId id) const { return tree_.nodes[id]; }
    PickleNode& node(PickleId id) { return tree_.nodes[id]; }

    PickleId none() const { return 0; }
    PickleId boolean(bool value) const { return value ? 2 : 1; }
    PickleId emptyTuple() const { return 3; }
    PickleId integer(std::int64_t value);
    PickleId bigInteger(std::string_view bytes);  ///< an Int where it fits
    PickleId number(double value);
    PickleId text(PickleKind kind, std::string_view view);
    PickleId ownText(PickleKind kind, std::string value);
    PickleId sequence(PickleKind kind, std::vector<PickleId> items = {});
    PickleId object(std::string_view className, PickleId state = noPickle);
    PickleId symbol(std::string_view module, std::string_view name);

    /// callable(*arguments), cls.__new__(cls, *arguments), object.__setstate__(state), and the storage behind a
    /// persistent id; all throw Error(BadFile) for arguments no sound file has.
    PickleId call(PickleId callable, PickleId arguments);
    PickleId newObject(PickleId cls, PickleId arguments);
    void build(PickleId object, PickleId state);
    PickleId persistent(PickleId id);

    PickleId addTensor(PickleTensor tensor);
    const PickleTree& tree() const { return tree_; }
    void charge(std::size_t bytes);

private:
    PickleId add(PickleNode node);

    PickleTree& tree_;
    const std::string& where_;
    std::size_t budget_;
};

// The families of callables, each nullopt-like: noPickle when the name is not theirs.
PickleId callTorch(PickleBuilder& builder, std::string_view name, const PickleNode& arguments);
PickleId callNumpy(PickleBuilder& builder, std::string_view name, const PickleNode& arguments);
PickleId callPython(PickleBuilder& builder, std::string_view name, const PickleNode& arguments);
void buildNumpyType(PickleBuilder& builder, PickleId type, const PickleNode& state);
void buildArray(PickleBuilder& builder, PickleId array, const PickleNode& state);

/// "F32" for "torch.FloatStorage", "torch.float32", "torch.float"; empty for what is no dtype known here.
std::string_view dtypeOfStorageClass(std::string_view name);
std::string_view dtypeOfSymbol(std::string_view name);

}  // namespace vl::detail
