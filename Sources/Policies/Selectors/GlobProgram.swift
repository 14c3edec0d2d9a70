/// A glob compiled to a small nondeterministic automaton, run by keeping the set of live states (Thompson's way),
/// so that time is at most pattern × text and no pattern can make it blow up.
struct GlobProgram: Sendable {
    private enum Instruction: Sendable {
        case scalar(UnicodeScalar)
        case any
        case notSeparator
        case set([ClosedRange<UnicodeScalar>], negated: Bool)
        case split(Int, Int)
        case jump(Int)
        case match
    }

    private var instructions: [Instruction] = []
    private let stopsAtSeparator: Bool

    /// - Parameter stopsAtSeparator: whether `*`, `?` and `[…]` stay inside one `/`-separated segment.
    init(_ parts: [GlobParser.Part], stopsAtSeparator: Bool) {
        self.stopsAtSeparator = stopsAtSeparator
        emit(parts)
        instructions.append(.match)
    }

    /// Whether the whole text matches. O(pattern × text).
    func matches(_ text: String.UnicodeScalarView) -> Bool {
        var live: [Int] = []
        var next: [Int] = []
        var seen = [Int](repeating: -1, count: instructions.count)
        var stack: [Int] = []
        var step = 0
        follow(0, into: &live, seen: &seen, step: step, stack: &stack)
        for scalar in text {
            if live.isEmpty { return false }
            step += 1
            next.removeAll(keepingCapacity: true)
            for state in live where accepts(instructions[state], scalar) {
                follow(state + 1, into: &next, seen: &seen, step: step, stack: &stack)
            }
            swap(&live, &next)
        }
        return live.contains { state in
            if case .match = instructions[state] { true } else { false }
        }
    }

    private func follow(_ start: Int, into states: inout [Int], seen: inout [Int], step: Int, stack: inout [Int]) {
        stack.append(start)
        while let state = stack.popLast() {
            guard seen[state] != step else { continue }
            seen[state] = step
            switch instructions[state] {
            case .jump(let target): stack.append(target)
            case .split(let first, let second):
                stack.append(second)
                stack.append(first)
            default: states.append(state)
            }
        }
    }

    private func accepts(_ instruction: Instruction, _ scalar: UnicodeScalar) -> Bool {
        switch instruction {
        case .scalar(let wanted): wanted == scalar
        case .any: true
        case .notSeparator: scalar != "/"
        case .set(let ranges, let negated):
            !(stopsAtSeparator && scalar == "/") && ranges.contains { $0.contains(scalar) } != negated
        case .split, .jump, .match: false
        }
    }

    private mutating func emit(_ parts: [GlobParser.Part]) {
        for part in parts {
            switch part {
            case .scalar(let scalar): instructions.append(.scalar(scalar))
            case .one: instructions.append(stopsAtSeparator ? .notSeparator : .any)
            case .many: emitLoop(stopsAtSeparator ? .notSeparator : .any)
            case .manyAcross: emitLoop(.any)
            case .folders:
                let split = reserve()
                emitLoop(.any)
                instructions.append(.scalar("/"))
                instructions[split] = .split(split + 1, instructions.count)
            case .set(let ranges, let negated): instructions.append(.set(ranges, negated: negated))
            case .alternatives(let branches): emitAlternatives(branches)
            }
        }
    }

    private mutating func emitLoop(_ instruction: Instruction) {
        let split = instructions.count
        instructions += [.split(split + 1, split + 3), instruction, .jump(split)]
    }

    private mutating func emitAlternatives(_ branches: [[GlobParser.Part]]) {
        var exits: [Int] = []
        for (index, branch) in branches.enumerated() {
            let isLast = index == branches.count - 1
            let split = isLast ? nil : reserve()
            emit(branch)
            if !isLast { exits.append(reserve()) }
            if let split { instructions[split] = .split(split + 1, instructions.count) }
        }
        for exit in exits { instructions[exit] = .jump(instructions.count) }
    }

    private mutating func reserve() -> Int {
        instructions.append(.match)
        return instructions.count - 1
    }
}
