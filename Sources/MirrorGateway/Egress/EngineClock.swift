/// The transfer thread's clock: time since the process first looked, which never runs backwards.
enum EngineClock {
    private static let start = ContinuousClock.now

    static var now: Duration { ContinuousClock.now - start }
}
