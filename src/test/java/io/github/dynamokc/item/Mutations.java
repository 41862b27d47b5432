package io.github.dynamokc.item;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Damages DynamoDB JSON in the ways in which bytes, texts, numbers, binaries, names, types and
 * nesting can be wrong, or only unusual. Text is looked at as ISO 8859-1, a character a byte.
 */
public final class Mutations {
  private static final Pattern MEMBER =
      Pattern.compile("\"([^\"\\\\]*)\" ?:\\{\"(?:S|N|B|BOOL|NULL)\": ?[^}\\\\]*}");
  private static final Pattern VALUE = Pattern.compile("\\{\"(?:S|N|B|BOOL|NULL)\": ?[^}\\\\]*}");
  private static final Pattern TYPE = Pattern.compile("\"(?:S|N|B|BOOL|NULL|M|L|SS|NS|BS)\":");
  private static final Pattern NUMBER = Pattern.compile("(?<=\"N\":) ?\"[^\"]*\"");
  private static final Pattern BINARY = Pattern.compile("(?<=\"B\":) ?\"[^\"]*\"");
  private static final Pattern STRING = Pattern.compile("\"(?=[^\"\\\\]*\")");

  private static final String STRUCTURE = "{}[]\",:\\ \t\r\n-+.eE0tfn";
  private static final String[] TYPES = {
    "S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS", "\\u0053", "X", "", "s", "BSS"
  };
  private static final String[] NUMBERS = {
    "99999999999999999999999999999999999999",
    "-9.9999999999999999999999999999999999999E+125",
    "1E-130",
    "1E+512",
    "1E513",
    "1E-513",
    "0E-600",
    "1E999999999",
    "1E99999999999",
    "+1",
    "01",
    "-0",
    ".5",
    "5.",
    "1e5",
    "1E+",
    "0x10",
    "NaN",
    "Infinity",
    "1 ",
    "",
    "-",
    "1_000",
    "1d",
    "1\\u0030",
    "\\u0661",
    "1\u00d9\u00a1",
    "\u00e0\u00a5\u00a7",
    "1".repeat(512),
    "1".repeat(513),
    "0." + "1".repeat(511)
  };
  private static final String[] BINARIES = {
    "!!",
    "TQ==",
    "TR==",
    "TQ=",
    "TQ",
    "TWF=",
    "TWE=",
    "TWFu",
    "T===",
    "====",
    "=",
    "TW Fu",
    "TWFu\\/\\/79",
    "TWFu\\n",
    "TQ==TQ==",
    "-_79",
    "",
    "T",
    "TWFuTQ==",
    "\u00c3\u00a9aa",
    "TWFuTWF1TWE=",
    "TWFuTWF1TWF=",
    "T\\u0051==",
    "TWFuTWFuTWFuTWFu!WFuTWFu"
  };
  private static final String[] ESCAPES = {
    "\\ud800",
    "\\udc00",
    "\\ud83d\\ude00",
    "\\uD83D\\uDE00",
    "\\ud83d\\ud83d",
    "\\ud83dx",
    "\\ud83d\\n",
    "\\ud800\\u0041",
    "\\u0041",
    "\\u004",
    "\\u00g0",
    "\\x41",
    "\\/",
    "\\\\",
    "\\",
    "\\u0000"
  };
  private static final String[] SEQUENCES = {
    "c0af",
    "c1bf",
    "e080af",
    "e09fbf",
    "f08080af",
    "f08fbfbf",
    "eda080",
    "edbfbf",
    "f4908080",
    "f5808080",
    "f8888080",
    "80",
    "bf",
    "c3",
    "e282",
    "f09f98",
    "c328",
    "e28228",
    "fe",
    "ff",
    "c3c3a9",
    "c280",
    "c3a9",
    "dfbf",
    "e0a080",
    "e282ac",
    "ed9fbf",
    "ee8080",
    "efbfbf",
    "f0908080",
    "f09f9880",
    "f48fbfbf",
    "efbbbf"
  };
  private static final int[] DEPTHS = {1, 5, 6, 50, 98, 99, 100, 101, 199, 205, 900, 2_000};

  private Mutations() {}

  /** The same with one to three things changed; it may still be good. */
  public static byte[] of(String json, Random random) {
    String mutated = new String(json.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    for (int i = Math.max(1, random.nextInt(5) - 1); i > 0; i--) {
      mutated = once(mutated, random);
    }
    return mutated.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String once(String json, Random random) {
    int at = random.nextInt(json.length() + 1);
    String head = json.substring(0, at);
    String rest = json.substring(at);
    String behind = rest.isEmpty() ? "" : rest.substring(1);
    return switch (random.nextInt(13)) {
      case 0 ->
          rest.isEmpty() ? json : head + (char) (rest.charAt(0) ^ 1 << random.nextInt(8)) + behind;
      case 1 -> head + (char) random.nextInt(256) + behind;
      case 2 -> random.nextInt(4) == 0 ? head : head + behind;
      case 3 -> head + rest.substring(Math.min(rest.length(), random.nextInt(9)));
      case 4 -> head + STRUCTURE.charAt(random.nextInt(STRUCTURE.length())) + rest;
      case 5 -> twice(json, random);
      case 6 -> replaced(json, TYPE, "\"" + one(TYPES, random) + "\":", random);
      case 7 -> replaced(json, VALUE, deep(random), random);
      case 8 -> replaced(json, NUMBER, "\"" + one(NUMBERS, random) + "\"", random);
      case 9 -> replaced(json, STRING, "\"" + one(ESCAPES, random), random);
      case 10 -> replaced(json, STRING, "\"" + bytes(one(SEQUENCES, random)), random);
      case 11 -> replaced(json, BINARY, "\"" + one(BINARIES, random) + "\"", random);
      default -> head + bytes(one(SEQUENCES, random)) + rest;
    };
  }

  /**
   * A member once more, anywhere where a member ends, perhaps with its name in another spelling.
   */
  private static String twice(String json, Random random) {
    List<MatchResult> members = MEMBER.matcher(json).results().toList();
    if (members.isEmpty()) {
      return json;
    }
    MatchResult member = members.get(random.nextInt(members.size()));
    MatchResult other = members.get(random.nextInt(members.size()));
    String again = member.group();
    if (random.nextBoolean() && !member.group(1).isEmpty() && member.group(1).charAt(0) < 0x80) {
      again = String.format("\"\\u%04x", (int) again.charAt(1)) + again.substring(2);
    }
    return json.substring(0, other.end()) + "," + again + json.substring(other.end());
  }

  private static String deep(Random random) {
    int depth = DEPTHS[random.nextInt(DEPTHS.length)];
    boolean maps = random.nextBoolean();
    String inner = random.nextBoolean() ? "{\"S\":\"x\"}" : maps ? "{\"M\":{}}" : "{\"L\":[]}";
    return (maps ? "{\"M\":{\"m\":" : "{\"L\":[").repeat(depth)
        + inner
        + (maps ? "}}" : "]}").repeat(depth);
  }

  private static String replaced(String json, Pattern what, String with, Random random) {
    List<MatchResult> all = new ArrayList<>(what.matcher(json).results().toList());
    if (all.isEmpty()) {
      return json;
    }
    MatchResult one = all.get(random.nextInt(all.size()));
    return json.substring(0, one.start()) + with + json.substring(one.end());
  }

  private static String one(String[] of, Random random) {
    return of[random.nextInt(of.length)];
  }

  private static String bytes(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }
}
