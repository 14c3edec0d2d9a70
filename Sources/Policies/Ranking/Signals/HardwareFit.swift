/// How well a model fits into memory.
enum HardwareFit {
    /// 0 where it does not fit, at most 1: whole up to four fifths of the memory, then falling; of those that fit, the
    /// larger one makes more of what there is.
    static func score(needed: Double, memory: Int64) -> Double {
        guard memory > 0, needed > 0 else { return 0 }
        let share = needed / Double(memory)
        guard share < 1 else { return 0 }
        let fit = share <= 0.8 ? 1 : (1 - share) / 0.2
        return fit * (0.6 + 0.4 * min(1, share / 0.8))
    }
}
