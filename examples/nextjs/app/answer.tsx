/** Shows the drafted answer as it comes. */
"use client";

import { useEffect, useState } from "react";

export function Answer({ ticket, user }: { readonly ticket: string; readonly user: string }) {
  const [text, setText] = useState("");
  useEffect(() => {
    const left = new AbortController();
    const read = async (): Promise<void> => {
      const body = JSON.stringify({ ticket, user });
      const answer = await fetch("/answer", { method: "POST", body, signal: left.signal });
      const pieces = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await pieces?.read(); piece && !piece.done; piece = await pieces?.read()) {
        const { value } = piece;
        setText((before) => before + value);
      }
    };
    setText("");
    read().catch(() => undefined);
    return () => left.abort();
  }, [ticket, user]);
  return <p aria-live="polite">{text}</p>;
}
