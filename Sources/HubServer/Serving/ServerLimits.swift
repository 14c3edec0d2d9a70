import HummingbirdCore

/// Bounds on what one client may take from the server (S47–S50).
package struct ServerLimits: Sendable {
    /// Header fields of one request.
    package var headerFields = 64
    /// Bytes of all header fields of one request.
    package var headerBytes = 32 << 10
    /// Bytes of one header field.
    package var headerFieldBytes = 16 << 10
    /// Open connections.
    package var connections = 16_384
    /// Between two requests of a connection.
    package var idle: Duration = .seconds(75)
    /// From the first byte of a request to the end of its head.
    package var head: Duration = .seconds(10)
    /// The window in which a request body must bring ``bodyBytes`` while we want to read.
    package var body: Duration = .seconds(30)
    package var bodyBytes = 30 << 10
    /// How long a client may take nothing of a response.
    package var write: Duration = .seconds(60)
    /// How long requests may go on after a shutdown was asked for.
    package var drain: Duration = .seconds(30)
    /// How far compressed request bodies may grow.
    package var inflation = InflationLimits()

    package init() {}

    var patience: ConnectionPatience.Limits {
        ConnectionPatience.Limits(
            idle: idle.nanoseconds, head: head.nanoseconds, bodyWindow: body.nanoseconds, bodyBytes: bodyBytes,
            write: write.nanoseconds)
    }

    var decoder: HTTP1Channel.Configuration.DecoderConfiguration {
        HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: headerFieldBytes, maxHeaderListSize: headerBytes, maxHeaderFieldCount: headerFields)
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    /// Milliseconds with fractions.
    var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1_000 + Double(attoseconds) / 1e15
    }

    /// Seconds with fractions.
    var inSeconds: Double { milliseconds / 1_000 }
}
