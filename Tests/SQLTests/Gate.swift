import Foundation

/// Holds a synchronous body until a test opens it.
final class Gate: Sendable {
    private let inside = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    /// Called in the body.
    func enterAndWait() {
        inside.signal()
        opened.wait()
    }

    func open() { opened.signal() }

    /// Suspends until the body has been entered.
    func entered() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                self.inside.wait()
                continuation.resume()
            }
        }
    }
}
