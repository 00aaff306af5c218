// SPDX-License-Identifier: Apache-2.0
// The pickle virtual machine. Opcodes: Python's Lib/pickletools.py.
#include <bit>
#include <vector>

#include "engine/core/text.h"
#include "engine/io/byte_order.h"
#include "engine/io/pickle_builder.h"
#include "engine/io/pickle_tree.h"

namespace vl {
namespace {

using detail::PickleBuilder;

constexpr std::size_t maxOperations = 64'000'000;

class Machine {
public:
    Machine(std::span<const std::byte> bytes, const std::string& where)
        : bytes_(bytes), build_(tree_, where, 16 * bytes.size() + (std::size_t{1} << 16)) {}

    PickleTree run() {
        for (std::size_t operations = 0; !stopped_; ++operations) {
            if (operations == maxOperations) build_.bad("it has too many pickle operations");
            const auto opcode = static_cast<unsigned char>(number<std::uint8_t>());
            if (!plainValue(opcode) && !text(opcode) && !container(opcode) && !reference(opcode) && !action(opcode))
                refuse(opcode);
        }
        return std::move(tree_);
    }
    std::size_t used() const { return at_; }

private:
    [[noreturn]] void refuse(unsigned char opcode) const {
        build_.bad("byte " + std::to_string(at_ - 1) + " of its pickle asks for operation " + std::to_string(opcode) +
                   ", which PyTorch does not write");
    }

    template <typename T>
    T number() {
        if (bytes_.size() - at_ < sizeof(T)) build_.bad("its pickle ends early");
        at_ += sizeof(T);
        return detail::littleEndian<T>(bytes_, at_ - sizeof(T));
    }
    std::string_view take(std::uint64_t size) {
        if (size > bytes_.size() - at_) build_.bad("its pickle holds a text longer than the file");
        at_ += static_cast<std::size_t>(size);
        return detail::textAt(bytes_, at_ - static_cast<std::size_t>(size), static_cast<std::size_t>(size));
    }
    std::string_view line() {
        const auto rest = detail::textAt(bytes_, at_, bytes_.size() - at_);
        const auto end = rest.find('\n');
        if (end == rest.npos) build_.bad("its pickle ends early");
        at_ += end + 1;
        return rest.substr(0, end);
    }

    bool push(PickleId id) {
        stack_.push_back(id);
        return true;
    }
    PickleId pop() {
        if (stack_.size() <= floor()) build_.bad("its pickle takes more from the stack than there is");
        const auto id = stack_.back();
        stack_.pop_back();
        return id;
    }
    PickleId top() const {
        if (stack_.size() <= floor()) build_.bad("its pickle takes more from the stack than there is");
        return stack_.back();
    }
    std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
    std::vector<PickleId> popMark() {
        if (marks_.empty()) build_.bad("its pickle ends a list that it did not begin");
        const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
        std::vector<PickleId> items(begin, stack_.end());
        stack_.erase(begin, stack_.end());
        marks_.pop_back();
        return items;
    }

    bool plainValue(unsigned char opcode);
    bool text(unsigned char opcode);
    bool container(unsigned char opcode);
    bool reference(unsigned char opcode);
    bool action(unsigned char opcode);
    bool makeTuple(std::size_t size);
    bool makeDict(std::vector<PickleId> items);
    bool appendTo(PickleId list, const std::vector<PickleId>& items);
    bool setItems(PickleId dict, const std::vector<PickleId>& items);
    bool remember(std::size_t index);
    bool recall(std::size_t index);
    PickleId symbolFromStack();

    std::span<const std::byte> bytes_;
    std::size_t at_ = 0;
    PickleTree tree_;
    PickleBuilder build_;
    std::vector<PickleId> stack_, memo_;
    std::vector<std::size_t> marks_;
    bool stopped_ = false;
};

bool Machine::plainValue(unsigned char opcode) {
    switch (opcode) {
        case 'N': return push(build_.none());
        case 0x88: return push(build_.boolean(true));
        case 0x89: return push(build_.boolean(false));
        case 'K': return push(build_.integer(number<std::uint8_t>()));
        case 'M': return push(build_.integer(number<std::uint16_t>()));
        case 'J': return push(build_.integer(number<std::int32_t>()));
        case 0x8a: return push(build_.bigInteger(take(number<std::uint8_t>())));
        case 0x8b: return push(build_.bigInteger(take(number<std::uint32_t>())));
        case 'G': {  // the one big-endian number of the format
            std::uint64_t bits = 0;
            for (const char byte : take(8))
                bits = (bits << 8) | static_cast<unsigned char>(byte);
            return push(build_.number(std::bit_cast<double>(bits)));
        }
        default: return false;
    }
}

bool Machine::text(unsigned char opcode) {
    switch (opcode) {
        case 0x8c: return push(build_.text(PickleKind::String, take(number<std::uint8_t>())));
        case 'X': return push(build_.text(PickleKind::String, take(number<std::uint32_t>())));
        case 0x8d: return push(build_.text(PickleKind::String, take(number<std::uint64_t>())));
        case 'U': return push(build_.text(PickleKind::String, take(number<std::uint8_t>())));
        case 'T': return push(build_.text(PickleKind::String, take(number<std::uint32_t>())));
        case 'C': return push(build_.text(PickleKind::Bytes, take(number<std::uint8_t>())));
        case 'B': return push(build_.text(PickleKind::Bytes, take(number<std::uint32_t>())));
        case 0x8e: return push(build_.text(PickleKind::Bytes, take(number<std::uint64_t>())));
        case 0x96: return push(build_.text(PickleKind::Bytes, take(number<std::uint64_t>())));
        default: return false;
    }
}

bool Machine::container(unsigned char opcode) {
    switch (opcode) {
        case '(': marks_.push_back(stack_.size()); return true;
        case ')': return push(build_.emptyTuple());
        case 0x85: return makeTuple(1);
        case 0x86: return makeTuple(2);
        case 0x87: return makeTuple(3);
        case 't': return push(build_.sequence(PickleKind::Tuple, popMark()));
        case ']':
        case 0x8f: return push(build_.sequence(PickleKind::List));
        case 'l':
        case 0x91: return push(build_.sequence(PickleKind::List, popMark()));
        case '}': return push(build_.sequence(PickleKind::Dict));
        case 'd': return makeDict(popMark());
        case 'a': {
            const auto item = pop();
            return appendTo(top(), {item});
        }
        case 'e':
        case 0x90: {
            const auto items = popMark();
            return appendTo(top(), items);
        }
        case 's': {
            const auto value = pop(), key = pop();
            return setItems(top(), {key, value});
        }
        case 'u': {
            const auto items = popMark();
            return setItems(top(), items);
        }
        default: return false;
    }
}

bool Machine::makeTuple(std::size_t size) {
    std::vector<PickleId> items(size);
    for (std::size_t i = size; i-- > 0;)
        items[i] = pop();
    return push(build_.sequence(PickleKind::Tuple, std::move(items)));
}

bool Machine::makeDict(std::vector<PickleId> items) {
    if (items.size() % 2 != 0) build_.bad("its pickle holds a key without a value");
    return push(build_.sequence(PickleKind::Dict, std::move(items)));
}

bool Machine::appendTo(PickleId list, const std::vector<PickleId>& items) {
    auto& node = build_.node(list);
    if (node.kind == PickleKind::List)
        node.items.insert(node.items.end(), items.begin(), items.end());
    else if (node.kind != PickleKind::Object)  // a list of a class nobody knows keeps no elements
        build_.bad("its pickle appends to something that is not a list");
    return true;
}

bool Machine::setItems(PickleId dict, const std::vector<PickleId>& items) {
    auto& node = build_.node(dict);
    if (items.size() % 2 != 0) build_.bad("its pickle holds a key without a value");
    if (node.kind != PickleKind::Dict && node.kind != PickleKind::Object)
        build_.bad("its pickle sets items of something that is not a dict");
    node.items.insert(node.items.end(), items.begin(), items.end());
    return true;
}

bool Machine::reference(unsigned char opcode) {
    switch (opcode) {
        case 'q': return remember(number<std::uint8_t>());
        case 'r': return remember(number<std::uint32_t>());
        case 0x94: return remember(memo_.size());
        case 'h': return recall(number<std::uint8_t>());
        case 'j': return recall(number<std::uint32_t>());
        default: return false;
    }
}

/// Writers number their memo upwards, so an index beyond the bytes read so far is a request for memory, not a memo.
bool Machine::remember(std::size_t index) {
    if (index >= at_) build_.bad("its pickle uses an impossible memo number");
    if (index >= memo_.size()) memo_.resize(index + 1, noPickle);
    memo_[index] = top();
    return true;
}

bool Machine::recall(std::size_t index) {
    if (index >= memo_.size() || memo_[index] == noPickle)
        build_.bad("its pickle refers to something it did not define");
    return push(memo_[index]);
}

PickleId Machine::symbolFromStack() {
    const auto name = pop(), module = pop();
    if (build_.node(name).kind != PickleKind::String || build_.node(module).kind != PickleKind::String)
        build_.bad("its pickle names a class with something that is not text");
    return build_.symbol(build_.node(module).text, build_.node(name).text);
}

bool Machine::action(unsigned char opcode) {
    switch (opcode) {
        case 0x80:
            if (const int protocol = number<std::uint8_t>(); protocol > 5)
                build_.bad("its pickle has the unknown protocol " + std::to_string(protocol));
            return true;
        case 0x95:
            if (number<std::uint64_t>() > bytes_.size() - at_)
                build_.bad("its pickle has a frame longer than the file");
            return true;
        case '.': tree_.root = pop(); return stopped_ = true;
        case '0': pop(); return true;
        case '1': popMark(); return true;
        case '2': return push(top());
        case 'c': {
            const auto module = line();
            return push(build_.symbol(module, line()));
        }
        case 0x93: return push(symbolFromStack());
        case 'Q': return push(build_.persistent(pop()));
        case 'R': {
            const auto arguments = pop();
            return push(build_.call(pop(), arguments));
        }
        case 0x81: {
            const auto arguments = pop();
            return push(build_.newObject(pop(), arguments));
        }
        case 0x92: {
            pop();  // keyword arguments
            const auto arguments = pop();
            return push(build_.newObject(pop(), arguments));
        }
        case 'b': {
            const auto state = pop();
            build_.build(top(), state);
            return true;
        }
        default: return false;
    }
}

}  // namespace

PickleTree readPickle(std::span<const std::byte> bytes, const std::string& where, std::size_t* used) {
    Machine machine(bytes, where);
    auto tree = machine.run();
    if (used) *used = machine.used();
    return tree;
}

}  // namespace vl
