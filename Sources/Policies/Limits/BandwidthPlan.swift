/// How many bytes a second may come from an upstream, and when that changes.
package struct BandwidthPlan: Sendable, Hashable {
    /// What holds at a moment.
    package struct Answer: Sendable, Hashable {
        /// Bytes a second; nil for no limit.
        package let bytesPerSecond: Int64?
        /// Until when nothing else can hold, in seconds since 1970.
        package let until: Int64
    }

    private let usual: Int64?
    private let windows: [UpstreamLimits.BandwidthWindow]

    package init(_ limits: UpstreamLimits) {
        usual = limits.bandwidth
        windows = limits.bandwidthWindows
    }

    /// What holds outside of windows, always.
    package var isUnlimited: Bool { usual == nil && windows.isEmpty }

    /// What holds now. Of windows that overlap it is the one that began last; of those that began together, the
    /// narrowest. Their times are UTC.
    /// - Parameter second: seconds since 1970.
    package func answer(at second: Int64) -> Answer {
        let minute = second / 60
        var until = (minute + 1) * 60
        guard !windows.isEmpty else { return Answer(bytesPerSecond: usual, until: .max) }
        var best: (began: Int64, bandwidth: Int64)?
        for window in windows {
            let length = window.duration.components.seconds
            guard let began = window.cron.latest(notAfter: minute, within: Int(clamping: length / 86_400 + 1)),
                began * 60 + length > second
            else { continue }
            until = min(until, began * 60 + length)
            if let known = best, (known.began, -known.bandwidth) >= (began, -window.bandwidth) { continue }
            best = (began, window.bandwidth)
        }
        return Answer(bytesPerSecond: best?.bandwidth ?? usual, until: until)
    }
}
