import CCurl
import Foundation
import HubCore

/// One libcurl easy handle, from its options to its result. Lives on the transfer thread only.
final class EasyTransfer {
    let plan: TransferPlan
    let exchange: TransferExchange
    let handle: UnsafeMutableRawPointer
    /// What holds the upstream to its bandwidth; nil where nothing does.
    let shaper: BandwidthShaper?

    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var addressList: UnsafeMutablePointer<curl_slist>?
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let startedAt: Duration
    private var requestedAt: Duration?
    private var headers = EgressHeaders()
    private var headerBytes = 0
    private var hasHead = false
    private var isCompressed = false
    private var announced: Int64?
    private var received: Int64 = 0
    /// Bytes of body that came over the wire and were told to the meter, and those that the shaper was told of.
    private var metered: Int64 = 0
    private var shaped: Int64 = 0
    private var discarded = 0
    private var discardingSince: Duration?
    private var pace: TransferPace
    /// Whether it waits for its turn in the upstream's bandwidth.
    private var isHeldBack = false
    /// Why a callback stopped the transfer; wins over libcurl's own words.
    private(set) var failure: TransferFailure?
    /// The last address that was refused; a connection to another one may still come about.
    private var refusedAddress: TransferFailure?

    /// Header fields of one answer, all names and values together.
    private static let maximumHeaderBytes = 256 * 1024
    /// What is read of an answer nobody wants, to keep its connection.
    private static let maximumDiscard = 64 * 1024
    private static let discardPatience = Duration.seconds(1)

    /// Bytes that libcurl reads at once at most.
    private static let largestStep = 512 * 1024

    /// Nil when libcurl has no memory for it.
    init?(_ plan: TransferPlan, _ exchange: TransferExchange, _ shaper: BandwidthShaper?, now: Duration) {
        guard let handle = curl_easy_init() else { return nil }
        self.plan = plan
        self.exchange = exchange
        self.shaper = shaper
        self.handle = handle
        startedAt = now
        pace = TransferPace(
            idle: plan.connection.idleTimeout, minimum: plan.purpose == .git ? nil : plan.connection.minimumRate,
            startingAt: now)
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headerList)
        curl_slist_free_all(addressList)
        errorText.deallocate()
    }

    // MARK: Options

    /// Sets every option; false when libcurl refuses one, which happens only for lack of memory or a bad proxy text.
    func configure(now: Duration) -> Bool {
        var ok = true
        func check(_ code: CURLcode) { if code != CURLE_OK { ok = false } }
        func set(_ option: CURLoption, _ value: Int) { check(curl_shim_set_long(handle, option, value)) }
        func set(_ option: CURLoption, _ value: String) { check(curl_shim_set_string(handle, option, value)) }

        let own = Unmanaged.passUnretained(self).toOpaque()
        set(CURLOPT_URL, plan.url.absoluteString)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_HTTP09_ALLOWED, 0)
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        set(CURLOPT_NOSIGNAL, 1)
        // Else ending a transfer that waits for DNS would hold the one thread until the resolver answers.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        // A tenth of a second's bytes: a slow line is held to its rate in small steps.
        let step = shaper?.limit(at: now).map { Int(clamping: $0 / 10) } ?? Self.largestStep
        set(CURLOPT_BUFFERSIZE, min(max(step, 16 * 1024), Self.largestStep))
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, plan.connection.connectTimeout.wholeMilliseconds))
        // TLS is verified, always.
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let caFile = plan.connection.caFile { set(CURLOPT_CAINFO, caFile) }
        // An empty text, not nil: nil would let http_proxy and no_proxy of the environment speak.
        set(CURLOPT_PROXY, plan.connection.proxy ?? "")
        set(CURLOPT_NOPROXY, "")
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        // Compression only for metadata; the writer below caps what it inflates to.
        if plan.purpose == .api { set(CURLOPT_ACCEPT_ENCODING, "gzip") }

        setMethod(check: check)
        setHeaders(check: check)
        if !plan.addresses.isEmpty {
            addressList = curl_slist_append(
                nil, "\(plan.url.host):\(plan.url.port):\(plan.addresses.joined(separator: ","))")
            check(curl_shim_set_list(handle, CURLOPT_RESOLVE, addressList))
        }

        check(curl_shim_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText))
        check(curl_shim_set_pointer(handle, CURLOPT_WRITEDATA, own))
        check(curl_shim_set_pointer(handle, CURLOPT_HEADERDATA, own))
        check(curl_shim_set_pointer(handle, CURLOPT_OPENSOCKETDATA, own))
        check(curl_shim_set_pointer(handle, CURLOPT_PREREQDATA, own))
        check(
            curl_shim_set_write(handle, CURLOPT_HEADERFUNCTION) { data, size, count, user in
                guard let transfer = EasyTransfer.from(user) else { return 0 }
                let bytes = UnsafeRawBufferPointer(start: data, count: size &* count)
                return transfer.header(bytes) ? bytes.count : 0
            })
        check(
            curl_shim_set_write(handle, CURLOPT_WRITEFUNCTION) { data, size, count, user in
                guard let transfer = EasyTransfer.from(user) else { return 0 }
                return transfer.write(UnsafeRawBufferPointer(start: data, count: size &* count))
            })
        check(
            curl_shim_set_open_socket(handle) { user, _, address in
                guard let transfer = EasyTransfer.from(user), let address else { return curl_socket_t(CURL_SOCKET_BAD) }
                return transfer.openSocket(address)
            })
        check(
            curl_shim_set_before_request(handle) { user, address, _, _, _ in
                guard let transfer = EasyTransfer.from(user), let address else { return Int32(CURL_PREREQFUNC_ABORT) }
                return transfer.beforeRequest(peer: String(cString: address))
            })
        return ok
    }

    private func setMethod(check: (CURLcode) -> Void) {
        if plan.method == "HEAD" {
            check(curl_shim_set_long(handle, CURLOPT_NOBODY, 1))
            return
        }
        if plan.body != nil || ["POST", "PUT", "PATCH"].contains(plan.method) {
            let body = plan.body ?? []
            check(curl_shim_set_long(handle, CURLOPT_POST, 1))
            check(curl_shim_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            body.withUnsafeBytes { bytes in
                // COPYPOSTFIELDS wants a pointer even for no bytes.
                let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress) ?? UnsafeMutableRawPointer(errorText)
                check(curl_shim_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, start))
            }
        }
        if plan.method != "GET" || plan.body != nil {
            check(curl_shim_set_string(handle, CURLOPT_CUSTOMREQUEST, plan.method))
        }
    }

    private func setHeaders(check: (CURLcode) -> Void) {
        var lines = plan.headers.map { $0.1.isEmpty ? "\($0.0);" : "\($0.0): \($0.1)" }
        // libcurl's own additions: waiting for 100 costs a second with servers that do not know it.
        lines.append("Expect:")
        if !plan.headers.contains(where: { $0.0.lowercased() == "content-type" }) { lines.append("Content-Type:") }
        if plan.purpose != .api { lines.append("Accept-Encoding: identity") }
        for line in lines {
            guard let longer = curl_slist_append(headerList, line) else { return check(CURLE_OUT_OF_MEMORY) }
            headerList = longer
        }
        check(curl_shim_set_list(handle, CURLOPT_HTTPHEADER, headerList))
    }

    private static func from(_ user: UnsafeMutableRawPointer?) -> EasyTransfer? {
        user.map { Unmanaged<EasyTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: Addresses

    /// Every address is looked at here, whatever the name was and however it was resolved.
    private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        if plan.connection.proxy == nil {
            var bytes = [UInt8](repeating: 0, count: 16)
            let count = Int(curl_shim_address(address, &bytes))
            let peer = IPAddress(bytes: bytes.prefix(count))
            if let refusal = refusal(of: peer, text: peer?.description ?? "of another family") {
                refusedAddress = refusal
                return curl_socket_t(CURL_SOCKET_BAD)
            }
        }
        let socket = curl_shim_open_socket(address)
        if let buffer = shaper?.receiveBuffer(at: EngineClock.now) {
            curl_shim_limit_receiving(socket, Int32(clamping: buffer))
        }
        return socket
    }

    /// Runs for connections that are used again too: one opened for an upstream that may be private must not serve
    /// another that may not.
    private func beforeRequest(peer: String) -> Int32 {
        if plan.connection.proxy == nil, let refusal = refusal(of: IPAddress(peer), text: peer) {
            failure = refusal
            return Int32(CURL_PREREQFUNC_ABORT)
        }
        requestedAt = EngineClock.now
        return Int32(CURL_PREREQFUNC_OK)
    }

    private func refusal(of address: IPAddress?, text: String) -> TransferFailure? {
        guard let address else { return .forbiddenAddress(plan.place, text, "not an internet address") }
        return AddressRules.refusal(of: address, allowPrivate: plan.connection.allowPrivate).map {
            .forbiddenAddress(plan.place, text, $0)
        }
    }

    // MARK: The answer

    /// One header line; false stops the transfer.
    private func header(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if hasHead { return true }  // trailers
        headerBytes += bytes.count
        guard headerBytes <= Self.maximumHeaderBytes else {
            failure = .corrupt(plan.place, "its answer's headers are larger than \(Self.maximumHeaderBytes) bytes")
            return false
        }
        var line = bytes[...]
        while let last = line.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { line.removeLast() }
        if line.isEmpty { return headersEnd() }
        if line.starts(with: "HTTP/".utf8) {
            headers = EgressHeaders()
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let value = String(decoding: line[(colon + 1)...], as: UTF8.self)
            headers.append(String(decoding: line[..<colon], as: UTF8.self), value.trimmingSpaces)
        }
        return true
    }

    private func headersEnd() -> Bool {
        var status = 0
        curl_shim_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        guard status >= 200 else { return true }  // 100, 103: another head follows
        hasHead = true
        let now = EngineClock.now
        pace.resume(at: now)
        isCompressed = !Self.isIdentity(headers.all("content-encoding"))
        if isCompressed, plan.purpose != .api, plan.method != "HEAD" {
            failure = .corrupt(plan.place, "it sent a compressed body although none was asked for")
            return false
        }
        guard Self.isIdentity(headers.all("transfer-encoding"), or: "chunked") else {
            failure = .corrupt(plan.place, "it sent a transfer coding other than chunked")
            return false
        }
        if plan.method != "HEAD", status != 204, status != 304 {
            announced = headers.first("content-length").flatMap { Int64($0) }
            if let announced, let limit = plan.bodyLimit, announced > limit {
                failure = .corrupt(
                    plan.place, "its answer has \(announced) bytes, more than the \(limit) that are taken")
                return false
            }
        }
        exchange.arrive(TransferExchange.Head(status: status, headers: headers))
        return true
    }

    private static func isIdentity(_ values: [String], or other: String = "identity") -> Bool {
        values.flatMap { $0.lowercased().split(separator: ",") }.map(\.trimmingSpaces)
            .allSatisfy { $0.isEmpty || $0 == "identity" || $0 == other }
    }

    /// A piece of body: bytes taken, `CURL_WRITEFUNC_PAUSE`, or 0 to stop.
    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        let now = EngineClock.now
        switch exchange.wish {
        case .cancel: return 0
        case .discard:
            discarded += bytes.count
            return discarded > Self.maximumDiscard ? 0 : bytes.count
        case .deliver: break
        }
        if let limit = plan.bodyLimit, received + Int64(bytes.count) > limit {
            failure = .corrupt(plan.place, "its answer is larger than the \(limit) bytes that are taken")
            return 0
        }
        let expected = isCompressed ? nil : announced.map { max($0 - received, 0) }
        // A pause within inflating would have libcurl keep what it inflated; that is bounded by the limit instead.
        if !isCompressed, shaper?.admits(self, at: now) == false {
            isHeldBack = true
            pace.pause()
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        guard exchange.append(bytes, at: now, expected: expected, mayPause: !isCompressed) else {
            pace.pause()
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        shape(bytes.count)
        received += Int64(bytes.count)
        pace.received(bytes.count, at: now)
        return bytes.count
    }

    /// Pays for what came. Of what is inflated here the wire had less than it became.
    private func shape(_ bytes: Int) {
        guard let shaper else { return }
        guard isCompressed else { return shaper.spend(bytes, by: self) }
        let onWire = bytesOnWire
        shaper.spend(Int(clamping: onWire - shaped), by: self)
        shaped = onWire
    }

    /// Bytes of body as they came: before inflating, and what nobody wanted included.
    private var bytesOnWire: Int64 {
        var count: curl_off_t = 0
        curl_shim_get_offset(handle, CURLINFO_SIZE_DOWNLOAD_T, &count)
        return Int64(count)
    }

    // MARK: Between two rounds of the thread

    /// What the exchange wants: goes on after a pause, or ends. Returns the end if there is one.
    func attend(now: Duration) -> TransferFailure? {
        switch exchange.wish {
        case .cancel: return .cancelled(plan.place)
        case .discard:
            let since = discardingSince ?? now
            discardingSince = since
            if now - since >= Self.discardPatience { return .cancelled(plan.place) }
        case .deliver: break
        }
        return exchange.takeResume() && !isHeldBack ? unpause(now: now) : nil
    }

    /// Its turn has come in the upstream's bandwidth. Returns the end if there is one.
    func goOn(now: Duration) -> TransferFailure? {
        isHeldBack = false
        return unpause(now: now)
    }

    private func unpause(now: Duration) -> TransferFailure? {
        pace.resume(at: now)
        // May call the writer at once with what was held back.
        let code = curl_easy_pause(handle, CURLPAUSE_CONT)
        return code == CURLE_OK ? nil : ending(code) ?? .cancelled(plan.place)
    }

    /// Reports bytes, hands out ripe chunks, looks at the clock.
    ///
    /// Returns the end if time is up, and else when to look again.
    func tick(now: Duration) -> (end: TransferFailure?, next: Duration) {
        meter()
        var next = now + .seconds(1)
        if let ripe = exchange.flush(at: now) { next = min(next, now + ripe) }
        if let end = attend(now: now) { return (end, next) }
        if !hasHead {
            let deadline = headDeadline
            if now >= deadline.at { return (deadline.failure, next) }
            return (nil, min(next, deadline.at))
        }
        switch pace.verdict(at: now) {
        case .fine: break
        case .stalled:
            return (.unavailable(plan.place, "the transfer stalled \(progress)", outcome: .stalled), next)
        case .tooSlow:
            let rate = plan.connection.minimumRate.bytesPerSecond
            return (
                .unavailable(plan.place, "the transfer stalled below \(rate) B/s \(progress)", outcome: .stalled), next
            )
        }
        if let check = pace.nextCheck { next = min(next, check) }
        return (nil, next)
    }

    private var headDeadline: (at: Duration, failure: TransferFailure) {
        let overall = startedAt + plan.headTimeout
        if let requestedAt, requestedAt + plan.connection.firstByteTimeout < overall {
            let patience = plan.connection.firstByteTimeout
            return (requestedAt + patience, .unavailable(plan.place, "no answer within \(patience)", outcome: .stalled))
        }
        let what = requestedAt == nil ? "no connection in the time there was" : "no answer in the time there was"
        return (overall, .unavailable(plan.place, what, outcome: .stalled, isTransient: false))
    }

    /// Where the body stands, for messages.
    private var progress: String {
        announced.map { "after \(received) of \($0) bytes" } ?? "after \(received) bytes"
    }

    func meter() {
        let onWire = bytesOnWire
        guard onWire > metered else { return }
        plan.meter(Int(clamping: onWire - metered))
        metered = onWire
    }

    // MARK: The end

    /// What libcurl's result means.
    func ending(_ code: CURLcode) -> TransferExchange.Ending {
        if let failure { return failure }
        switch exchange.wish {
        case .cancel: return .cancelled(plan.place)
        case .discard: return nil
        case .deliver: break
        }
        if code == CURLE_OK { return hasHead ? nil : .unavailable(plan.place, "it closed without an answer") }
        let cause = cause(code)
        switch code {
        case CURLE_COULDNT_CONNECT where refusedAddress != nil: return refusedAddress
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            return .unavailable(plan.place, "its name could not be resolved: \(cause)")
        case CURLE_COULDNT_CONNECT: return .unavailable(plan.place, "no connection: \(cause)")
        case CURLE_OPERATION_TIMEDOUT:
            return .unavailable(plan.place, "no connection within \(plan.connection.connectTimeout)")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return .untrusted(plan.place, cause)
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING:
            if !hasHead { return .unavailable(plan.place, "the connection closed before an answer: \(cause)") }
            return .unavailable(plan.place, "the connection closed \(progress)", outcome: .truncated)
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
            return .corrupt(plan.place, "its answer could not be read: \(cause)")
        default: return .unavailable(plan.place, cause)
        }
    }

    private func cause(_ code: CURLcode) -> String {
        let detail = String(cString: errorText)
        let text = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        return String(text.prefix(200)).trimmingSpaces
    }
}

extension Duration {
    /// Rounded down, between zero and eleven days, which is as long as any timeout here needs to be.
    var wholeMilliseconds: Int {
        let bounded = min(max(self, .zero), .seconds(1_000_000))
        let (seconds, attoseconds) = bounded.components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
