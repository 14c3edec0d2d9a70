-- Commits one small file each, over and over, to `repositories` repositories in turn.
-- wrk ... -s commits.lua URL -- FIRST REPOSITORIES RUN

local letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local function base64(text)
    return (text:gsub("...", function(three)
        local a, b, c = three:byte(1, 3)
        local n = a * 65536 + b * 256 + c
        local function at(shift) local i = math.floor(n / shift) % 64; return letters:sub(i + 1, i + 1) end
        return at(262144) .. at(4096) .. at(64) .. at(1)
    end))
end

function init(arguments)
    prefix, repositories, run = arguments[1], tonumber(arguments[2]), arguments[3]
    count = 0
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/x-ndjson"
end

function request()
    count = count + 1
    -- Threads take turns at the repositories, so that each has about one commit under way.
    local repository = (count * 2 + number) % repositories
    local text = string.format("%s-%03d-%012d-%s", run, number, count, string.rep("x", 60))
    text = text .. string.rep("\n", 3 - #text % 3)
    return wrk.format(nil, "/api/models/" .. prefix .. repository .. "/commit/main", nil,
        '{"key":"header","value":{"summary":"bench","description":""}}\n' ..
        '{"key":"file","value":{"path":"data/' .. number .. "-" .. count % 50 ..
        '.txt","encoding":"base64","content":"' .. base64(text) .. '"}}\n')
end

function done(summary, latency)
    local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write +
        summary.errors.timeout
    io.write(string.format("commits %d failed %d seconds %.3f p50_ms %.2f p99_ms %.2f\n", summary.requests, failed,
        summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
