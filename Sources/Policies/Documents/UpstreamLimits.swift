/// How much may be asked of one upstream.
package struct UpstreamLimits: Sendable, Hashable {
    /// A bandwidth that holds from each time of a schedule for a while.
    package struct BandwidthWindow: Sendable, Hashable {
        package let cron: CronExpression
        package let duration: Duration
        /// Bytes per second.
        package let bandwidth: Int64
    }

    /// Parallel connections.
    package var connections = 16
    package var rangesPerFile: Int?
    package var apiRequestsPer5Minutes: Int?
    package var resolveRequestsPer5Minutes: Int?
    /// Bytes per second.
    package var bandwidth: Int64?
    package var bandwidthWindows: [BandwidthWindow] = []
    package var bytesPerDay: Int64?

    package init() {}
}
