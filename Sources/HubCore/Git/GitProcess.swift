import Subprocess
import SystemPackage

/// One run of the `git` program: its own process group, an empty environment, resource limits, both streams pumped.
struct GitProcess: Sendable {
    /// Limits of the child and of what it starts.
    struct Limits: Sendable {
        /// Bytes of address space.
        var addressSpace: Int64 = 8 << 30
        /// Seconds of processor time.
        var processorSeconds: Int = 3600
        /// Bytes of the largest file written; nil for no limit.
        var fileSize: Int64?
    }

    /// How the child ended.
    struct Outcome: Sendable {
        var status: TerminationStatus
        /// The first and last kibibytes of what it wrote to standard error.
        var message: String
        /// Why the input ended early, when the sequence itself failed.
        var inputFailure: (any Error)?
    }

    let executable: String

    /// Runs `git` with arguments, feeding `input` and handing on output as it comes. Output is only read when
    /// `onOutput` has returned, so a slow reader slows git down.
    ///
    /// When `onOutput` throws, when `input` throws or when the task is cancelled, the process group is killed.
    /// - Throws: what `onOutput` threw; `internal-error` when git cannot be started.
    func run(
        _ arguments: [String], environment: [String: String], limits: Limits,
        input: (some AsyncSequence<[UInt8], any Error> & Sendable)?,
        onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws -> Outcome {
        GitLibrary.start()
        var options = PlatformOptions()
        // A group of its own, so that pack-objects and its like go down with the git that started them.
        options.processGroupID = 0
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        do {
            let result = try await Subprocess.run(
                .path("/bin/sh"),
                // The script is constant; what varies is passed as arguments and never read as shell text.
                arguments: Arguments(["-c", Self.script(limits), executable] + arguments),
                environment: .custom(Self.variables(environment)),
                platformOptions: options, input: .inputWriter, output: .sequence, error: .sequence
            ) { execution in
                try await Self.pump(execution, input: input, onOutput: onOutput)
            }
            let status = result.terminationStatus
            let pumped = result.closureResult
            try Task.checkCancellation()
            return Outcome(status: status, message: pumped.message, inputFailure: pumped.inputFailure)
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw HubError(
                .internalError, "git \(arguments.first ?? "") could not be run: \(error).",
                remedy: "Check that the git program is installed and can be started.")
        }
    }

    private typealias Pumped = (message: String, inputFailure: (any Error)?)

    private nonisolated(nonsending) static func pump(
        _ execution: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>,
        input: (some AsyncSequence<[UInt8], any Error> & Sendable)?,
        onOutput: (ArraySlice<UInt8>) async throws -> Void
    ) async throws -> Pumped {
        try await withThrowingTaskGroup(of: (any Error)?.self) { group in
            group.addTask { await feed(input, to: execution) }
            async let message = errorText(of: execution.standardError)
            do {
                for try await buffer in execution.standardOutput {
                    try await onOutput(buffer.withUnsafeBytes { Array($0)[...] })
                }
            } catch {
                kill(execution)
                throw error
            }
            let text = try await message
            // The child has closed its output: nothing it could still read matters.
            group.cancelAll()
            let failure = try await group.next() ?? nil
            return (text, failure)
        }
    }

    /// Feeds the child; a failure of the sequence kills it, for it must not take half an input for a whole one.
    private static func feed(
        _ input: (some AsyncSequence<[UInt8], any Error> & Sendable)?,
        to execution: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>
    ) async -> (any Error)? {
        let writer = execution.standardInputWriter
        do {
            if let input {
                for try await chunk in input where !chunk.isEmpty {
                    // Less than all written: the child is gone, and its status tells why.
                    guard try await writer.write(chunk) == chunk.count else { return nil }
                }
            }
            try await writer.finish()
            return nil
        } catch is SubprocessError {
            return nil
        } catch is CancellationError where Task.isCancelled {
            return nil
        } catch {
            kill(execution)
            return error
        }
    }

    private static func kill(_ execution: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>) {
        // It may have ended by itself already.
        try? execution.send(signal: .kill, toProcessGroup: true)
    }

    /// Reads standard error to its end and keeps the first 4 KiB and the last 4 KiB.
    private static func errorText(of output: SubprocessOutputSequence) async throws -> String {
        var head: [UInt8] = []
        var tail: [UInt8] = []
        for try await buffer in output {
            var bytes = buffer.withUnsafeBytes { Array($0) }[...]
            let room = bytes.prefix(max(0, 4096 - head.count))
            head.append(contentsOf: room)
            bytes = bytes.dropFirst(room.count)
            tail.append(contentsOf: bytes)
            if tail.count > 8192 { tail.removeFirst(tail.count - 4096) }
        }
        return String(decoding: head + tail.suffix(4096), as: UTF8.self)
    }

    private static func script(_ limits: Limits) -> String {
        // ulimit counts kibibytes of address space and 512-byte blocks of file size.
        var script = "ulimit -c 0; ulimit -v \(limits.addressSpace >> 10); ulimit -t \(limits.processorSeconds); "
        if let bytes = limits.fileSize { script += "ulimit -f \(bytes / 512 + 1); " }
        return script + "exec \"$0\" \"$@\""
    }

    private static func variables(_ environment: [String: String]) -> [Environment.Key: String] {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        return variables
    }
}
