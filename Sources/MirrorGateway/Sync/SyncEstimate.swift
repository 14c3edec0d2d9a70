import Policies

/// How long fetching takes under the limits of its upstreams. Arithmetic only.
package struct SyncEstimate: Sendable {
    /// What one upstream is to give.
    package struct Load: Sendable, Hashable {
        package var bytes: Int64 = 0
        /// Requests for descriptions.
        package var apiRequests = 0
        /// Requests for content.
        package var contentRequests = 0

        package init(bytes: Int64 = 0, apiRequests: Int = 0, contentRequests: Int = 0) {
            self.bytes = bytes
            self.apiRequests = apiRequests
            self.contentRequests = contentRequests
        }

        package static func + (left: Load, right: Load) -> Load {
            let (bytes, overflow) = left.bytes.addingReportingOverflow(right.bytes)
            return Load(
                bytes: overflow ? .max : bytes, apiRequests: left.apiRequests + right.apiRequests,
                contentRequests: left.contentRequests + right.contentRequests)
        }
    }

    /// Longer plans than this are told as this.
    private static let longest: Int64 = 366 * 86_400

    /// Seconds that an upstream's limits alone make it take; nil where nothing limits it.
    /// - Parameter now: seconds since 1970.
    package static func seconds(for load: Load, under limits: EgressLimits, from now: Int64) -> Int64? {
        let parts = [
            requests(load.apiRequests, per5Minutes: limits.apiRequestsPer5Minutes),
            requests(load.contentRequests, per5Minutes: limits.resolveRequestsPer5Minutes),
            transfer(load.bytes, limits, from: now),
        ].compactMap(\.self)
        return parts.max()
    }

    private static func requests(_ count: Int, per5Minutes limit: Int?) -> Int64? {
        guard let limit, limit > 0 else { return nil }
        return min(longest, Int64(max(0, count - 1) / limit) * 300)
    }

    private static func transfer(_ bytes: Int64, _ limits: EgressLimits, from now: Int64) -> Int64? {
        guard !limits.bandwidth.isUnlimited || limits.bytesPerDay != nil else { return nil }
        var left = bytes
        var second = now
        var dayLeft = limits.bytesPerDay
        while left > 0, second - now < longest {
            let midnight = (second / 86_400 + 1) * 86_400
            if let allowance = dayLeft, allowance <= 0 {
                second = midnight
                dayLeft = limits.bytesPerDay
                continue
            }
            let answer = limits.bandwidth.answer(at: second)
            let end = max(second + 1, min(answer.until, midnight))
            let most = dayLeft ?? .max
            guard let rate = answer.bytesPerSecond, rate > 0 else {
                // No limit now: all that the day allows passes at once.
                let moved = min(left, most)
                left -= moved
                dayLeft = dayLeft.map { $0 - moved }
                continue
            }
            let (product, overflow) = rate.multipliedReportingOverflow(by: end - second)
            let span = overflow ? .max : product
            let moved = min(left, most, span)
            left -= moved
            dayLeft = dayLeft.map { $0 - moved }
            // Rounded up: a second is not over before its last byte.
            second += moved < span ? (moved + rate - 1) / rate : end - second
            if second >= midnight { dayLeft = limits.bytesPerDay }
        }
        return min(second - now, longest)
    }
}
