/// Reads a stretch from its beginning on, through a window: what is stepped over is never read.
struct RegionReader {
    let session: ScanSession
    let region: ScanRegion
    private(set) var position: Int64 = 0
    private var window: [UInt8] = []
    private var next = 0

    private static let windowSize = 64 << 10

    init(_ session: ScanSession, _ region: ScanRegion, from position: Int64 = 0) {
        self.session = session
        self.region = region
        self.position = min(max(0, position), region.count)
    }

    var left: Int64 { region.count - position }

    mutating func byte() throws(ScanStop) -> UInt8 {
        if next == window.count { try fill() }
        let byte = window[next]
        next += 1
        position += 1
        return byte
    }

    /// - Parameter count: as the file claims; nothing is got for what is not there.
    mutating func bytes(_ count: Int64) throws(ScanStop) -> [UInt8] {
        guard count >= 0, count <= left else { throw .end }
        let here = window.count - next
        if count <= Int64(here) {
            let taken = Array(window[next..<next + Int(count)])
            next += Int(count)
            position += count
            return taken
        }
        let taken = session.read(region, at: position, count: Int(count))
        guard taken.count == Int(count) else { throw .end }
        move(to: position + count)
        return taken
    }

    /// Steps over bytes without reading them.
    mutating func skip(_ count: Int64) throws(ScanStop) {
        guard count >= 0, count <= left else { throw .end }
        move(to: position + count)
    }

    mutating func move(to place: Int64) {
        let distance = place - position
        position = min(max(0, place), region.count)
        if distance >= 0, distance <= Int64(window.count - next) {
            next += Int(distance)
        } else {
            window = []
            next = 0
        }
    }

    /// A number, the lowest byte first.
    mutating func number(_ width: Int) throws(ScanStop) -> UInt64 {
        var value: UInt64 = 0
        for place in 0..<min(width, 8) { value |= UInt64(try byte()) << UInt64(8 * place) }
        return value
    }

    /// The bytes before the next line feed, which is stepped over.
    /// - Parameter limit: longest line that is read.
    mutating func line(limit: Int) throws(ScanStop) -> [UInt8] {
        var line: [UInt8] = []
        while true {
            let byte = try byte()
            if byte == 0x0A { return line }
            guard line.count < limit else { throw .limit("has a line of more than \(limit) bytes") }
            line.append(byte)
        }
    }

    private mutating func fill() throws(ScanStop) {
        guard left > 0 else { throw .end }
        window = session.read(region, at: position, count: Int(min(left, Int64(Self.windowSize))))
        next = 0
        guard !window.isEmpty else { throw .end }
    }
}
