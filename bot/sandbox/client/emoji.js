// The emoji names worked with most; any other name is shown as it was written.

const NAMES = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", wave: "👋", clap: "👏", pray: "🙏", muscle: "💪",
  raised_hands: "🙌", point_right: "👉", point_left: "👈", point_up: "☝️", point_down: "👇", eyes: "👀", ok_hand: "👌",
  smile: "😄", slightly_smiling_face: "🙂", grinning: "😀", joy: "😂", wink: "😉", thinking_face: "🤔", sweat_smile: "😅",
  disappointed: "😞", cry: "😢", heart: "❤️", tada: "🎉", rocket: "🚀", fire: "🔥", star: "⭐", sparkles: "✨", bulb: "💡",
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", heavy_multiplication_x: "✖️",
  warning: "⚠️", no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", rotating_light: "🚨", exclamation: "❗",
  question: "❓", information_source: "ℹ️", hourglass: "⌛", hourglass_flowing_sand: "⏳", stopwatch: "⏱️",
  alarm_clock: "⏰", clock1: "🕐", calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️", pushpin: "📌", round_pushpin: "📍",
  paperclip: "📎", link: "🔗", lock: "🔒", unlock: "🔓", key: "🔑", bell: "🔔", no_bell: "🔕", mega: "📣", loudspeaker: "📢",
  speech_balloon: "💬", email: "📧", envelope: "✉️", inbox_tray: "📥", outbox_tray: "📤", package: "📦", file_folder: "📁",
  open_file_folder: "📂", page_facing_up: "📄", clipboard: "📋", memo: "📝", pencil: "📝", pencil2: "✏️", mag: "🔍",
  chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", bar_chart: "📊", dart: "🎯", checkered_flag: "🏁",
  construction: "🚧", hammer_and_wrench: "🛠️", gear: "⚙️", wrench: "🔧", recycle: "♻️", arrows_counterclockwise: "🔄",
  repeat: "🔁", rewind: "⏪", fast_forward: "⏩", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️",
  leftwards_arrow_with_hook: "↩️", double_vertical_bar: "⏸️", arrow_forward: "▶️", red_circle: "🔴",
  large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵",
  white_circle: "⚪", black_circle: "⚫", house: "🏠", office: "🏢", convenience_store: "🏪", fork_and_knife: "🍴",
  pizza: "🍕", coffee: "☕", busts_in_silhouette: "👥", bust_in_silhouette: "👤", robot_face: "🤖", earth_africa: "🌍",
  ocean: "🌊", sunny: "☀️", seedling: "🌱", zap: "⚡", crossed_flags: "🎌", triangular_flag_on_post: "🚩", new: "🆕",
};

/** Words with `:name:` turned into emoji where the name is known. */
export function withEmoji(words) {
  return words.replace(/:([a-z0-9_+-]+):(?::skin-tone-\d:)?/g, (whole, name) => NAMES[name] ?? whole);
}
